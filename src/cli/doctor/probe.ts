import { type IncomingHttpHeaders, Agent as PlainAgent, type RequestOptions, request as requestPlain } from 'node:http'
import { request as requestTls, Agent as TlsAgent } from 'node:https'
import type { TLSSocket } from 'node:tls'

/** How long one request may take, and all of them together; in milliseconds. */
const LONGEST_REQUEST = 5000
const LONGEST_EXAMINATION = 25_000
const LARGEST_BODY = 512 * 1024

export interface Ask {
  method?: 'GET' | 'POST' | 'OPTIONS'
  headers?: Readonly<Record<string, string>>
  /** A form. */
  form?: Readonly<Record<string, string>>
}

/** What came back; redirects are not followed. */
export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  cookies: readonly string[]
  body: string
  bytes: number
  /** Whether it came over a connection that was there before. */
  reused: boolean
}

/** The TLS of a connection. */
export interface TlsFacts {
  protocol: string
  /** Why it is not trusted; undefined where it is. */
  distrust: string | undefined
  expires: number
}

export type Failure = { failure: string }

/** Asks a deployment from outside. Never throws. */
export interface Probe {
  ask(url: string, ask?: Ask): Promise<Answer | Failure>
  /** How TLS to that origin stands. */
  tls(url: string): Promise<TlsFacts | Failure>
  close(): void
}

export function isFailure<T extends object>(result: T | Failure): result is Failure {
  return 'failure' in result
}

/** @param connections how many at once; with one, requests follow each other over the same one */
export function createProbe(connections = 6): Probe {
  const tooLate = AbortSignal.timeout(LONGEST_EXAMINATION)
  const settings = { keepAlive: true, maxSockets: connections }
  const agents = { plain: new PlainAgent(settings), tls: new TlsAgent(settings) }

  const options = (url: URL, ask: Ask): RequestOptions & { rejectUnauthorized: boolean } => ({
    method: ask.method ?? 'GET',
    agent: url.protocol === 'https:' ? agents.tls : agents.plain,
    // A bad certificate is a finding of its own and must not hide all others. Nothing secret is ever sent.
    rejectUnauthorized: false,
    signal: AbortSignal.any([tooLate, AbortSignal.timeout(LONGEST_REQUEST)]),
    headers: {
      'User-Agent': 'latchkey-doctor',
      'Accept-Encoding': 'identity',
      ...(ask.form === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }),
      ...ask.headers,
    },
  })

  return {
    ask: (address, ask = {}) =>
      new Promise((settle) => {
        const url = new URL(address)
        const send = url.protocol === 'https:' ? requestTls : requestPlain
        const fail = (error: Error) => settle({ failure: reasonOf(error) })
        const request = send(url, options(url, ask), (response) => {
          const chunks: Buffer[] = []
          let bytes = 0
          response.on('error', fail)
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length
            if (bytes > LARGEST_BODY) request.destroy(new Error('the answer is far too long'))
            else chunks.push(chunk)
          })
          response.on('end', () =>
            settle({
              status: response.statusCode as number,
              headers: response.headers,
              cookies: response.headers['set-cookie'] ?? [],
              body: Buffer.concat(chunks).toString('utf8'),
              bytes,
              reused: request.reusedSocket,
            }),
          )
        })
        request.on('error', fail)
        request.end(ask.form === undefined ? undefined : new URLSearchParams(ask.form).toString())
      }),

    tls: (address) =>
      new Promise((settle) => {
        const url = new URL(address)
        // Without an agent the handshake is a full one, and shows the certificate.
        const request = requestTls(url, { ...options(url, {}), agent: false, method: 'HEAD' }, (response) => {
          const socket = response.socket as TLSSocket
          const { valid_to } = socket.getPeerCertificate()
          settle({
            protocol: socket.getProtocol() ?? 'unknown',
            distrust: socket.authorized ? undefined : String(socket.authorizationError),
            expires: Date.parse(valid_to),
          })
          response.resume()
        })
        request.on('error', (error) => settle({ failure: reasonOf(error) }))
        request.end()
      }),

    close() {
      agents.plain.destroy()
      agents.tls.destroy()
    },
  }
}

function reasonOf(error: Error & { code?: string; errors?: Error[] }): string {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'no answer in time'
  // Where a name has several addresses, each failed in its own way.
  return error.code ?? error.errors?.[0]?.message ?? error.message
}
