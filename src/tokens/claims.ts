import type { AccessTokenName } from '../store/store.ts'

/** What an access token says (RFC 9068 §2.2), whatever its form. */
export interface AccessTokenClaims {
  iss: string
  sub: string
  aud: string
  client_id: string
  scope: string
  iat: number
  exp: number
  jti: string
  auth_time?: number
  /** The key that the token is bound to, by its thumbprint (RFC 9449 §6.1). */
  cnf?: { jkt: string }
}

/** How the token is presented (RFC 6749 §7.1): with a proof of its key (RFC 9449 §5), or by whoever bears it. */
export function tokenTypeOf({ cnf }: Pick<AccessTokenClaims, 'cnf'>): 'Bearer' | 'DPoP' {
  return cnf === undefined ? 'Bearer' : 'DPoP'
}

/** The `jti` of a token: leads back to its authorization, so that whoever asks about it learns when that has ended. */
export function nameToken(authorizationId: string | undefined, tokenId: string): string {
  return authorizationId === undefined ? tokenId : `${authorizationId}.${tokenId}`
}

/** The name in the store behind a `jti`. */
export function readTokenName(jti: string): AccessTokenName {
  const [first = '', second] = jti.split('.')
  return second === undefined
    ? { authorizationId: undefined, tokenId: first }
    : { authorizationId: first, tokenId: second }
}
