import type { Request } from 'express'
import { readUtf8 } from '../lib/encoding.ts'
import { OAuthError } from '../oauth/errors.ts'
import { type Params, readParams } from '../oauth/params.ts'
import { readBody } from './body.ts'

const FORM = 'application/x-www-form-urlencoded'
const LARGEST_BODY = 65_536

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
export async function readForm(req: Request): Promise<Params> {
  // Express matches the type whatever parameters follow it: fetch-based clients add ;charset=UTF-8. Most write it plainly.
  if (req.headers['content-type'] !== FORM && req.is(FORM) === false) {
    throw new OAuthError('invalid_request', 'the body must be application/x-www-form-urlencoded', {
      cause: 'wrong-content-type',
    })
  }
  const text = readUtf8(await readBody(req, LARGEST_BODY))
  if (text === undefined) {
    throw new OAuthError('invalid_request', 'the body is not UTF-8', { cause: 'malformed-encoding' })
  }
  return readParams(text)
}
