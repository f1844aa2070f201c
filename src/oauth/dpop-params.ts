import { OAuthError } from './errors.ts'
import type { Params } from './params.ts'

/** SHA-256 as base64url. The last character carries four bits only, so not every one can stand there. */
const THUMBPRINT = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/

/**
 * The key that the code of an authorization request will be bound to (RFC 9449 §10), where it names one.
 *
 * @throws OAuthError `invalid_request` where dpop_jkt is no thumbprint (RFC 7638 by SHA-256)
 */
export function readDpopJkt({ dpop_jkt: dpopJkt }: Params): { dpopJkt?: string } {
  if (dpopJkt === undefined) return {}
  if (THUMBPRINT.test(dpopJkt)) return { dpopJkt }
  throw new OAuthError('invalid_request', 'dpop_jkt must be the 43 characters of a SHA-256 JWK thumbprint', {
    cause: 'malformed-dpop-jkt',
  })
}

/**
 * The parameters of a pushed request whose proof binds its code as dpop_jkt would (RFC 9449 §10.1).
 *
 * @param jkt the key that the pushed request proved, if any
 * @throws OAuthError `invalid_request` where both are there and differ
 */
export function withProvenKey(params: Params, jkt: string | undefined): Params {
  if (jkt === undefined || params.dpop_jkt === jkt) return params
  if (params.dpop_jkt === undefined) return { ...params, dpop_jkt: jkt }
  throw new OAuthError('invalid_request', 'dpop_jkt and the DPoP proof name different keys', {
    cause: 'dpop-jkt-differs',
  })
}
