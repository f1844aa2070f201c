import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { ERROR_ID_HEADER } from '../http/error-id.ts'
import type { Random } from '../lib/random.ts'
import type { Audit } from '../telemetry/events.ts'
import type { Answers } from './answers.ts'

/** How long a client may take to read why its connection ends, in milliseconds. */
const LAST_WORDS = 1000

interface Refusal {
  status: string
  description: string
  cause: string
}

const MALFORMED: Refusal = { status: '400 Bad Request', description: 'this is not HTTP', cause: 'malformed-http' }

const refusals: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    description: 'the request took too long to arrive',
    cause: 'request-too-slow',
  },
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    description: 'the header of the request is too large',
    cause: 'header-too-large',
  },
}

/** Answers, as JSON, what Node cannot read as HTTP or what took too long, and ends the connection. */
export function refuseBadHttp(server: Server, deps: { answers: Answers; audit: Audit; random: Random }): void {
  const { answers, audit, random } = deps
  const refused = new WeakSet<Duplex>()

  server.on('clientError', (error: NodeJS.ErrnoException, connection: Duplex) => {
    // Each further piece of what cannot be read is one more error.
    if (refused.has(connection)) return
    refused.add(connection)
    if (error.code === 'ECONNRESET' || !connection.writable || !isAnswerable(answers.owedOn(connection))) {
      connection.destroy()
      return
    }
    const { status, description, cause } = refusals[error.code ?? ''] ?? MALFORMED
    const errorId = random.shortId()
    const facts = { error_id: errorId, error: 'invalid_request', status: Number.parseInt(status, 10), cause }
    audit({ event: 'request.refused', ...facts }, { description })
    const body = JSON.stringify({ error: 'invalid_request', error_description: description })
    connection.end(
      [
        `HTTP/1.1 ${status}`,
        'Connection: close',
        'Cache-Control: no-store',
        'Content-Type: application/json; charset=utf-8',
        `Content-Length: ${Buffer.byteLength(body)}`,
        `${ERROR_ID_HEADER}: ${errorId}`,
        '',
        body,
      ].join('\r\n'),
    )
    // At once, the client's unread bytes would make the system throw the answer away (RFC 9112 §9.6).
    setTimeout(() => connection.destroy(), LAST_WORDS).unref()
  })
}

/** Whether a refusal would not be taken for the answer to an earlier request that is still being worked on. */
function isAnswerable(owed: ReturnType<Answers['owedOn']>): boolean {
  return owed.every((res) => !res.headersSent && !res.req.complete)
}
