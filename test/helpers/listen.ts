import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { makeCertificate } from './certificate.ts'
import { type TestServer, testServer } from './server.ts'

/** A test server that listens where its issuer says. */
export interface ListeningServer extends TestServer {
  issuer: string
}

/**
 * Starts a server on a port of its own on 127.0.0.1, for browsers and other programs that speak HTTP themselves.
 *
 * @param path the path of the issuer, such as /tenant
 */
export function listen(options: Parameters<typeof testServer>[0] = {}, path = ''): Promise<ListeningServer> {
  return listenOn(createServer(), (port) => `http://127.0.0.1:${port}${path}`, options)
}

/** The same on https://localhost, under a certificate that nobody trusts: as it stands behind a proxy that ends TLS. */
export function listenSecurely(options: Parameters<typeof testServer>[0] = {}): Promise<ListeningServer> {
  return listenOn(createTlsServer(makeCertificate('localhost')), (port) => `https://localhost:${port}`, options)
}

async function listenOn(
  http: Server,
  issuerAt: (port: number) => string,
  options: Parameters<typeof testServer>[0] = {},
): Promise<ListeningServer> {
  // The port is held from here on, so that nobody else can take it before the application, which must know it, is built.
  const issuer = issuerAt(await openPort(http))
  const server = await testServer({ ...options, env: { ...options.env, ISSUER: issuer } })
  http.on('request', server.app)
  return {
    ...server,
    issuer,
    async close() {
      await closePort(http)
      await server.close()
    },
  }
}

/** Listens on a free port of 127.0.0.1. */
export async function openPort(http: Server): Promise<number> {
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return (http.address() as AddressInfo).port
}

/** Stops listening, and does not wait for connections that browsers keep open. */
export async function closePort(http: Server): Promise<void> {
  const closed = once(http, 'close')
  http.close()
  http.closeAllConnections()
  await closed
}
