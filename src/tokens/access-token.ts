import type { SigningKeys } from '../keys/signing-keys.ts'
import { type Clock, toSeconds } from '../lib/clock.ts'
import type { Random } from '../lib/random.ts'
import { accessTokenFormat, type Client } from '../oauth/client.ts'
import type { Resource } from '../oauth/resource.ts'
import type { Authorization } from '../store/store.ts'
import { type AccessTokenClaims, nameToken, tokenTypeOf } from './claims.ts'
import type { OpaqueTokens } from './opaque-tokens.ts'

/** What an access token is made for. */
export interface AccessTokenRequest {
  client: Client
  /** The user, or the client itself where it acts for nobody. */
  subject: string
  /** The authorization it comes from; undefined where the client acts for nobody. */
  authorization: Authorization | undefined
  scope: readonly string[]
  resource: Resource
  /** The thumbprint of the key to bind it to (RFC 9449 §5); undefined for a bearer token. */
  dpopJkt: string | undefined
}

/** An access token, how long it is good for in seconds, its name, and how it is presented. */
export interface AccessToken {
  token: string
  expiresIn: number
  jti: string
  tokenType: 'Bearer' | 'DPoP'
}

/** Makes access tokens. */
export interface AccessTokens {
  issue(request: AccessTokenRequest): Promise<AccessToken>
}

/** The media type of JWT access tokens (RFC 9068 §2.1); tells them apart from every other JWT under the same keys. */
export const ACCESS_TOKEN_TYPE = 'at+jwt'

/** JWT access tokens (RFC 9068 §2), or opaque ones where the client wants them at that resource. */
export function createAccessTokens(deps: {
  keys: SigningKeys
  opaque: OpaqueTokens
  clock: Clock
  random: Random
  issuer: string
}): AccessTokens {
  const { keys, opaque, clock, random, issuer } = deps

  return {
    async issue({ client, subject, authorization, scope, resource, dpopJkt }) {
      const now = toSeconds(clock.now())
      // A token must not outlive the authorization it comes from.
      const left = authorization === undefined ? Number.POSITIVE_INFINITY : authorization.expiresAt - clock.now()
      const expiresIn = Math.max(1, toSeconds(Math.min(resource.accessTokenLifetime, left)))
      const jti = nameToken(authorization?.id, random.id())
      const claims: AccessTokenClaims = {
        iss: issuer,
        sub: subject,
        aud: resource.uri,
        client_id: client.client_id,
        scope: scope.join(' '),
        iat: now,
        exp: now + expiresIn,
        jti,
        ...(authorization === undefined ? {} : { auth_time: toSeconds(authorization.authenticatedAt) }),
        ...(dpopJkt === undefined ? {} : { cnf: { jkt: dpopJkt } }),
      }
      const isOpaque = accessTokenFormat(client, resource.uri) === 'opaque'
      const token = isOpaque ? await opaque.seal(claims) : await keys.sign({ ...claims }, ACCESS_TOKEN_TYPE)
      return { token, expiresIn, jti, tokenType: tokenTypeOf(claims) }
    },
  }
}
