import type { SigningKeys } from '../keys/signing-keys.ts'
import { type Clock, toSeconds } from '../lib/clock.ts'
import type { Random } from '../lib/random.ts'
import type { Authorization } from '../store/store.ts'

/** An access token and how long it is good for, in seconds. */
export interface AccessToken {
  token: string
  expiresIn: number
}

/** Makes access tokens. */
export interface AccessTokens {
  /** @param scope what this token may do: all of the authorization or less */
  issue(authorization: Authorization, scope: readonly string[]): Promise<AccessToken>
}

/** JWT access tokens (RFC 9068). */
export function createAccessTokens(deps: {
  keys: SigningKeys
  clock: Clock
  random: Random
  issuer: string
  resource: string
  /** Milliseconds. */
  lifetime: number
}): AccessTokens {
  const { keys, clock, random, issuer, resource, lifetime } = deps
  const expiresIn = toSeconds(lifetime)

  return {
    async issue(authorization, scope) {
      const now = toSeconds(clock.now())
      const token = await keys.sign(
        {
          iss: issuer,
          sub: authorization.subject,
          aud: resource,
          client_id: authorization.clientId,
          scope: scope.join(' '),
          iat: now,
          exp: now + expiresIn,
          // Leads back to the authorization, so that whoever asks about the token learns when that has ended.
          jti: `${authorization.id}.${random.id()}`,
          auth_time: toSeconds(authorization.authenticatedAt),
        },
        'at+jwt',
      )
      return { token, expiresIn }
    },
  }
}
