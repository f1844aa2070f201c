/**
 * The door of an API that accepts Latchkey's access tokens: who may come in, and what the others are told (RFC 6750).
 * The token is checked here, with the server's public keys; the server itself is not asked for every request.
 */
import type { Request, Response } from 'express'
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'

export interface BearerOptions {
  readonly issuer: string
  /** This API's own name, as the authorization server writes it into `aud`. */
  readonly audience: string
}

export type Verdict =
  | { readonly status: 'accepted'; readonly claims: JWTPayload }
  | { readonly status: 'missing' }
  | { readonly status: 'invalid' }
  | { readonly status: 'insufficient' }

/** Builds a check that answers whether a request carries a good token with the scope asked for. */
export function createBearerCheck({ issuer, audience }: BearerOptions) {
  // Fetched at the first request, kept, and fetched again when a token names a key that is not among them.
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`), { timeoutDuration: 3000 })

  return async function check(request: Request, scope: string): Promise<Verdict> {
    const authorization = request.headers.authorization
    if (authorization === undefined) return { status: 'missing' }
    const token = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(authorization)?.[1]
    if (token === undefined) return { status: 'invalid' }
    try {
      // `typ` keeps an ID token from passing for an access token (RFC 9068 §4), `algorithms` keeps the choice with us.
      const { payload } = await jwtVerify(token, keys, { issuer, audience, typ: 'at+jwt', algorithms: ['ES256'] })
      return hasScope(payload, scope) ? { status: 'accepted', claims: payload } : { status: 'insufficient' }
    } catch (error) {
      if (isTokenFault(error)) return { status: 'invalid' }
      throw error
    }
  }
}

/** Tells the caller why the door stayed shut. A request without a token gets no error code (RFC 6750 §3.1). */
export function sendRefusal(
  response: Response,
  verdict: Exclude<Verdict, { status: 'accepted' }>,
  scope: string,
): void {
  if (verdict.status === 'missing') {
    response.set('WWW-Authenticate', `Bearer realm="reports", scope="${scope}"`)
    response.status(401).json({ error: 'token_required' })
  } else if (verdict.status === 'invalid') {
    response.set('WWW-Authenticate', 'Bearer realm="reports", error="invalid_token"')
    response.status(401).json({ error: 'invalid_token' })
  } else {
    response.set('WWW-Authenticate', `Bearer realm="reports", error="insufficient_scope", scope="${scope}"`)
    response.status(403).json({ error: 'insufficient_scope', scope })
  }
}

function hasScope(claims: JWTPayload, scope: string): boolean {
  return typeof claims.scope === 'string' && claims.scope.split(' ').includes(scope)
}

/** Keys that could not be fetched are our trouble, not the token's. */
function isTokenFault(error: unknown): boolean {
  return (
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    error.code !== 'ERR_JOSE_GENERIC'
  )
}
