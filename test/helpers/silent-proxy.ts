import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A stretch of network between a server and its Redis. */
export interface SilentProxy {
  port: number
  /** From now on nothing passes over the connections there are, though they stay open; new ones are served. */
  silence(): void
  close(): Promise<void>
}

/** As where a host loses its power or its network: nobody is left to close the connections to it. */
export async function createSilentProxy(target: number): Promise<SilentProxy> {
  const open = new Set<Socket>()
  const proxy = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from)
      from.pipe(to)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
    }
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')

  return {
    port: (proxy.address() as AddressInfo).port,
    silence() {
      for (const socket of open) {
        socket.unpipe()
        socket.resume()
      }
    },
    async close() {
      for (const socket of open) socket.destroy()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}
