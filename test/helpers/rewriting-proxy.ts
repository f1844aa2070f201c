import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { makeCertificate } from './certificate.ts'
import { closePort, openPort } from './listen.ts'
import { testServer } from './server.ts'

/** An answer on its way through the proxy. */
export interface Passing {
  method: string
  path: string
  /** What the caller sent. */
  asked: IncomingHttpHeaders
  status: number
  headers: OutgoingHttpHeaders
  body: string
}

/** What a proxy does to what passes it. */
export interface Habits {
  /** Where the request goes to instead. */
  forward?(path: string): string
  /** What comes back instead. */
  answer?(passing: Passing): Partial<Pick<Passing, 'status' | 'headers' | 'body'>>
}

/** A server on https behind a proxy that may have bad habits. */
export interface Deployment {
  url: string
  /** The certificate, PEM, to be trusted. */
  certificate: string
  /** From now on the proxy has these habits, and no others. */
  behave(habits: Habits): void
  close(): Promise<void>
}

/**
 * @param options.path of the issuer, such as /tenant
 * @param options.until when the certificate ends
 */
export async function startDeployment(options: { path?: string; until?: string } = {}): Promise<Deployment> {
  const certificate = makeCertificate('localhost', options.until)
  const backend = createServer()
  const backendPort = await openPort(backend)
  let habits: Habits = {}

  const proxy = createTlsServer(certificate, (req, res) => {
    const path = habits.forward?.(req.url as string) ?? (req.url as string)
    const onward = request(
      { port: backendPort, host: '127.0.0.1', path, method: req.method, headers: req.headers },
      (came) => {
        const chunks: Buffer[] = []
        came.on('data', (chunk: Buffer) => chunks.push(chunk))
        came.on('end', () => {
          const body = Buffer.concat(chunks).toString('utf8')
          const { connection, 'keep-alive': _, ...headers } = came.headers
          const passing: Passing = {
            method: req.method as string,
            path,
            asked: req.headers,
            status: came.statusCode as number,
            headers,
            body,
          }
          const sent = { ...passing, ...habits.answer?.(passing) }
          const length = sent.body === body ? {} : { 'content-length': Buffer.byteLength(sent.body) }
          res.writeHead(sent.status, { ...sent.headers, ...length }).end(sent.body)
        })
      },
    )
    req.pipe(onward)
  })
  const url = `https://localhost:${await openPort(proxy)}${options.path ?? ''}`
  const server = await testServer({ env: { ISSUER: url, TRUST_PROXY: 'loopback' } })
  backend.on('request', server.app)

  return {
    url,
    certificate: certificate.cert,
    behave(next) {
      habits = next
    },
    async close() {
      await closePort(proxy)
      await closePort(backend)
      await server.close()
    },
  }
}
