import { createServer, type RequestListener, type Server } from 'node:http'
import type { RequestClasses } from '../http/request-classes.ts'

/** What one connection may take of the server. Durations are milliseconds. */
export interface HttpLimits {
  /** Until the header of a request is there. */
  headersTimeout: number
  /** Until the whole request is there, its body included. */
  requestTimeout: number
  /** How long a connection may stay open without a request. */
  keepAliveTimeout: number
  /** How often the first two are looked at. */
  connectionsCheckingInterval: number
  /** Bytes of the header of a request. */
  maxHeaderSize: number
  /** After so many requests a connection ends, so that clients spread over the processes again. */
  requestsPerConnection: number
}

export const httpLimits: HttpLimits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  // Longer than the 60 seconds of common proxies: whoever closes first must be the one that sends, or a request meets a
  // connection that is just closing.
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 1000,
  maxHeaderSize: 16_384,
  requestsPerConnection: 1000,
}

/**
 * A server that no connection can hold for long.
 *
 * @param limits.maxConnections how many connections it has at once; further ones are closed unanswered
 * @param classes of its requests and answers; Node's own where left out
 */
export function createHttpServer(
  listener: RequestListener,
  { maxConnections, requestsPerConnection, ...limits }: HttpLimits & { maxConnections: number },
  classes: Partial<RequestClasses> = {},
): Server {
  const server = createServer({ ...limits, ...classes }, listener)
  // Beyond a count Node leaves headers out without a word. Their bytes are limited, and that is enough.
  server.maxHeadersCount = 0

  let open = 0
  // Not server.maxConnections: among workers, one that is full hands the connection on to the next for ever.
  server.on('connection', (socket) => {
    open++
    socket.once('close', () => open--)
    if (open > maxConnections) socket.destroy()
    // Requests may wait in line on one connection, and each listens to its end.
    socket.setMaxListeners(0)
  })

  const served = new WeakMap<object, number>()
  // Not server.maxRequestsPerSocket, which leaves the closing to the client.
  server.prependListener('request', ({ socket }, res) => {
    const count = (served.get(socket) ?? 0) + 1
    served.set(socket, count)
    if (count >= requestsPerConnection) res.setHeader('Connection', 'close')
  })
  return server
}
