import type { Request } from 'express'
import { dpopChallenge, invalidProof } from '../dpop/dpop.ts'
import { OAuthError } from '../oauth/errors.ts'
import type { Params } from '../oauth/params.ts'
import type { Authorization } from '../store/store.ts'
import type { AccessTokenClaims } from '../tokens/claims.ts'
import type { AccessTokenReader } from '../tokens/read-access-token.ts'
import { type ProofDeps, proveKey } from './dpop-proof.ts'

/** What the tokens of protected requests are checked with. */
export interface AccessTokenDeps extends ProofDeps {
  accessTokenReader: AccessTokenReader
}

/** An access token as a request carried it. */
interface Carried {
  scheme: 'Bearer' | 'DPoP'
  token: string
}

/** RFC 9110 §11.4 and RFC 6750 §2.1: a scheme in any case, and one token68. */
const AUTHORIZATION = /^(\w+) +([\w.~+/-]+=*)$/

const REALM = 'realm="latchkey"'

/** An access token that is good. */
export interface PresentedToken {
  /** How it was sent, which is how refusals are to be challenged. */
  scheme: 'Bearer' | 'DPoP'
  claims: AccessTokenClaims
  /** Undefined for a client's own token. */
  authorization: Authorization | undefined
}

/**
 * The good access token of a protected request: by the Authorization header as Bearer (RFC 6750 §2.1) or DPoP (RFC 9449
 * §7.1), or as the form field access_token (RFC 6750 §2.2), and by exactly one of them. Never by the query, which logs keep.
 *
 * A request with a proof costs one trip to the store more than one without.
 *
 * @param form the parameters of a form body, where the endpoint takes the token there
 * @throws OAuthError 400 `invalid_request`, 401 `invalid_token`, `invalid_dpop_proof` or `use_dpop_nonce`, each with its
 * challenge
 */
export async function requireAccessToken(
  req: Request,
  form: Params | undefined,
  deps: AccessTokenDeps,
): Promise<PresentedToken> {
  const { scheme, token } = readAccessToken(req, form)
  const claims = await deps.accessTokenReader.verify(token)
  if (claims === undefined) throw invalidToken('forged-or-expired', scheme)
  if (scheme === 'DPoP') await requireKey(req, token, claims, deps)
  // RFC 9449 §7.1: else whoever stole a bound token would do without its key.
  else if (claims.cnf !== undefined) throw invalidToken('bound-token-as-bearer')
  const standing = await deps.accessTokenReader.stands(claims)
  if (standing.status === 'fallen') throw invalidToken('revoked', scheme)
  return { scheme, claims, authorization: standing.authorization }
}

/** The refusal of an access token: the same words whatever was wrong with it (RFC 6750 §3.1). */
export function invalidToken(cause: string, scheme: Carried['scheme'] = 'Bearer'): OAuthError {
  return challenging(
    new OAuthError('invalid_token', 'the access token is invalid, expired, revoked or not to be used this way', {
      status: 401,
      cause,
    }),
    scheme,
  )
}

function readAccessToken(req: Request, form: Params | undefined): Carried {
  const fields = req.headersDistinct.authorization ?? []
  const inForm = form?.access_token
  if (fields.length + (inForm === undefined ? 0 : 1) > 1) {
    throw malformed('the access token must come in one way only', 'two-access-tokens')
  }
  if (inForm !== undefined) return { scheme: 'Bearer', token: inForm }
  if (fields[0] === undefined) throw unauthenticated()
  const [, name, token] = AUTHORIZATION.exec(fields[0]) ?? []
  if (name === undefined || token === undefined) {
    throw malformed('the Authorization header must be Bearer or DPoP and an access token', 'malformed-authorization')
  }
  const scheme = (['Bearer', 'DPoP'] as const).find((known) => known.toLowerCase() === name.toLowerCase())
  if (scheme === undefined) throw unauthenticated()
  return { scheme, token }
}

async function requireKey(
  req: Request,
  token: string,
  claims: AccessTokenClaims,
  deps: AccessTokenDeps,
): Promise<void> {
  if (claims.cnf === undefined) throw invalidToken('bearer-token-as-dpop', 'DPoP')
  try {
    const proven = await proveKey(req, deps, { accessToken: token, boundTo: claims.cnf.jkt })
    if (proven === undefined) throw invalidProof('no-proof', 'the request needs a DPoP proof')
  } catch (error) {
    throw error instanceof OAuthError ? challenging(error, 'DPoP') : error
  }
}

/** RFC 6750 §3: who sent no token at all is told how to, and of no error. */
function unauthenticated(): OAuthError {
  return new OAuthError('invalid_token', 'an access token is needed', {
    status: 401,
    cause: 'no-access-token',
    headers: { 'WWW-Authenticate': `Bearer ${REALM}, ${dpopChallenge()}` },
  })
}

function malformed(description: string, cause: string): OAuthError {
  const told = `Bearer ${REALM}, error="invalid_request", error_description="${description}"`
  return new OAuthError('invalid_request', description, { cause, headers: { 'WWW-Authenticate': told } })
}

/**
 * The refusal as a protected endpoint sends it (RFC 9449 §7.1): 401, the error in the challenge of the scheme that was
 * tried. Who tried DPoP is not shown the way back to Bearer.
 */
function challenging(error: OAuthError, scheme: Carried['scheme']): OAuthError {
  const { code, description, cause, detail, headers } = error
  const bearer = `Bearer ${REALM}, error="${code}", error_description="${description}", ${dpopChallenge()}`
  return new OAuthError(code, description, {
    status: 401,
    cause,
    detail,
    headers: { ...headers, 'WWW-Authenticate': scheme === 'DPoP' ? dpopChallenge(error) : bearer },
  })
}
