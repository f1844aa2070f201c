import type { IncomingMessage } from 'node:http'
import { OAuthError } from '../oauth/errors.ts'

/**
 * The bytes of a body; none where there is no body.
 *
 * @param limit how many bytes it may have
 * @throws OAuthError `invalid_request`: 413 where it is larger, 415 where it is compressed, 400 where it broke off
 */
export function readBody(req: IncomingMessage, limit: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const refuse = (facts: { status: number; cause: string }, description = 'the body cannot be read') => {
      // What still comes is let go of, and the answer does not wait for it.
      req.off('data', take).resume()
      reject(new OAuthError('invalid_request', description, { status: facts.status, cause: facts.cause }))
    }
    const tooLarge = () => refuse({ status: 413, cause: 'body-too-large' }, `the body is larger than ${limit} bytes`)
    const chunks: Buffer[] = []
    let length = 0
    const take = (chunk: Buffer) => {
      length += chunk.length
      if (length > limit) tooLarge()
      else chunks.push(chunk)
    }

    if ((req.headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
      refuse({ status: 415, cause: 'body-compressed' })
      return
    }
    if (Number(req.headers['content-length']) > limit) {
      tooLarge()
      return
    }
    req.on('data', take)
    req.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
    // Node tells of a body that broke off by an error.
    req.once('error', () => refuse({ status: 400, cause: 'body-broken-off' }))
  })
}
