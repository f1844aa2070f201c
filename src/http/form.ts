import express, { type Request, type Response } from 'express'
import { readUtf8 } from '../lib/encoding.ts'
import { OAuthError } from '../oauth/errors.ts'
import { type Params, readParams } from '../oauth/params.ts'

const LARGEST_BODY = 65_536

const readRaw = express.raw({ type: () => true, limit: LARGEST_BODY, inflate: false })

/** The parameters of the query string. Throws OAuthError as readParams does. */
export function readQuery(req: Request): Params {
  const question = req.url.indexOf('?')
  return readParams(question === -1 ? '' : req.url.slice(question + 1))
}

/**
 * The parameters of a form body.
 *
 * @throws OAuthError `invalid_request`: 400 for another content type or bytes that are not UTF-8, 413 over 64 KB
 */
export async function readForm(req: Request, res: Response): Promise<Params> {
  // Express matches the type whatever parameters follow it: fetch-based clients add ;charset=UTF-8.
  if (req.is('application/x-www-form-urlencoded') === false) {
    throw new OAuthError('invalid_request', 'the body must be application/x-www-form-urlencoded', {
      cause: 'wrong-content-type',
    })
  }
  await new Promise<void>((resolve, reject) =>
    readRaw(req, res, (error: unknown) => (error ? reject(asOAuthError(error)) : resolve())),
  )
  const body: unknown = req.body
  const text = body instanceof Uint8Array ? readUtf8(body) : ''
  if (text === undefined) {
    throw new OAuthError('invalid_request', 'the body is not UTF-8', { cause: 'malformed-encoding' })
  }
  return readParams(text)
}

/** body-parser's errors carry the status that fits them: 413 too large, 415 compressed, 400 broken off. */
function asOAuthError(error: unknown): OAuthError {
  const { status = 400, type = 'unreadable' } = error as { status?: number; type?: string }
  const description = status === 413 ? `the body is larger than ${LARGEST_BODY} bytes` : 'the body cannot be read'
  return new OAuthError('invalid_request', description, { status: status < 500 ? status : 400, cause: `body-${type}` })
}
