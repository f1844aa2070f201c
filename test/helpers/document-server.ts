import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { closePort, openPort } from './listen.ts'

/** A server of somebody else on loopback, such as the one behind a client's jwks_uri. */
export interface DocumentServer {
  port: number
  /** Its address over http, or over https where it has a certificate. */
  url: string
  requests: IncomingMessage[]
  /** Answers from now on with this. */
  answer(listener: RequestListener): void
  /** Answers from now on with this as JSON. */
  serve(document: unknown): void
  close(): Promise<void>
}

export async function documentServer(tls?: { key: string; cert: string }): Promise<DocumentServer> {
  const requests: IncomingMessage[] = []
  let listener: RequestListener = (_req, res) => void res.writeHead(404).end()
  const receive: RequestListener = (req, res) => {
    requests.push(req)
    listener(req, res)
  }
  const server: Server = tls === undefined ? createServer(receive) : createTlsServer(tls, receive)
  const port = await openPort(server)
  const answer = (next: RequestListener) => {
    listener = next
  }
  return {
    port,
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/jwks`,
    requests,
    answer,
    serve: (document) => answer((_req, res) => void res.end(JSON.stringify(document))),
    close: () => closePort(server),
  }
}
