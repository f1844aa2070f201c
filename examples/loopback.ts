/**
 * Puts an HTTP handler on 127.0.0.1 and nowhere else. A preferred port that is taken is no reason to fail in an example:
 * the next best is any free one.
 */
import { createServer, type RequestListener, type Server } from 'node:http'

export interface Place {
  readonly url: string
  /** Says who answers here; separate from opening, since most handlers want to know their own URL first. */
  serve(handler: RequestListener): void
  close(): Promise<void>
}

export async function openPlace(preferredPort = 0): Promise<Place> {
  const server = createServer()
  const port = await listen(server, preferredPort).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error
    return listen(server, 0)
  })
  return {
    url: `http://127.0.0.1:${port}`,
    serve: (handler) => server.on('request', handler),
    close: () => close(server),
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      const address = server.address()
      if (address === null || typeof address === 'string') return reject(new Error('no TCP address'))
      resolve(address.port)
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
