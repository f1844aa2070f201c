import { createHash } from 'node:crypto'
import { compactVerify, createLocalJWKSet, type JWTPayload } from 'jose'
import type { Subjects } from '../identity/subjects.ts'
import type { SigningKeys } from '../keys/signing-keys.ts'
import { type Clock, toSeconds } from '../lib/clock.ts'
import { whileSame } from '../lib/while-same.ts'
import type { Client } from '../oauth/client.ts'
import { ACR, claimsOf } from '../oauth/openid-claims.ts'
import type { Authorization } from '../store/store.ts'

/** ID tokens (OpenID Connect Core §2). */
export interface IdTokens {
  issue(request: IdTokenRequest): Promise<string>
  /**
   * Who an ID token is about, expired or not, as hints may be (Core §3.1.2.1, RP-Initiated Logout §2); undefined for
   * anything that this server did not sign as one.
   */
  readHint(token: string): Promise<{ sub: string; aud: string; sid: string | undefined } | undefined>
}

/** What an ID token is made for. */
export interface IdTokenRequest {
  client: Client
  /** The `sub` the client knows. */
  subject: string
  authorization: Authorization
  /** The user's OpenID claims. */
  userClaims: Readonly<Record<string, unknown>>
  /** The access token that goes along. */
  accessToken: string
  /** Echoed at the redemption of the code only (Core §12.2). */
  nonce: string | undefined
}

/** How people prove who they are here (RFC 8176 §2), and the assurance that gives: one factor, remembered. */
const PASSWORD = { amr: ['pwd'], acr: ACR }

const LONGEST_HINT = 8192

/** @param deps.lifetime how long an ID token is good for, in milliseconds */
export function createIdTokens(deps: {
  keys: SigningKeys
  subjects: Subjects
  clock: Clock
  issuer: string
  lifetime: number
}): IdTokens {
  const { keys, subjects, clock, issuer, lifetime } = deps
  const keySet = whileSame(() => [keys.publicJwks()], createLocalJWKSet)

  return {
    issue({ client, subject, authorization, userClaims, accessToken, nonce }) {
      const now = toSeconds(clock.now())
      const alg = client.id_token_signed_response_alg ?? keys.algorithms()[0]
      const claims: JWTPayload = {
        // Core §5.4: with an access token at hand the scopes' claims are at the userinfo endpoint; here are those asked for.
        ...claimsOf(userClaims, [], authorization.claims?.idToken ?? []),
        iss: issuer,
        sub: subject,
        aud: client.client_id,
        iat: now,
        exp: now + toSeconds(lifetime),
        auth_time: toSeconds(authorization.authenticatedAt),
        ...PASSWORD,
        sid: subjects.sidFor(client, authorization.sessionId),
        at_hash: leftHalf(accessToken, alg),
        ...(nonce === undefined ? {} : { nonce }),
      }
      return keys.sign(claims, undefined, alg)
    },

    async readHint(token) {
      if (token.length > LONGEST_HINT) return undefined
      try {
        const { payload, protectedHeader } = await compactVerify(token, keySet())
        // Another JWT under the same keys, such as an access token, is no ID token (RFC 8725 §3.11).
        if (protectedHeader.typ !== undefined && protectedHeader.typ !== 'JWT') return undefined
        const claims = JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>
        const { iss, sub, aud, sid } = claims
        if (iss !== issuer || typeof sub !== 'string' || typeof aud !== 'string') return undefined
        // A signed userinfo answer has the same type, and no end.
        if (typeof claims.exp !== 'number') return undefined
        return { sub, aud, sid: typeof sid === 'string' ? sid : undefined }
      } catch {
        return undefined
      }
    },
  }
}

/** The left half of the hash of an access token, by the hash that the algorithm of the signature uses (Core §3.1.3.6). */
function leftHalf(accessToken: string, alg: string | undefined): string {
  const digest = createHash(alg === 'EdDSA' ? 'sha512' : 'sha256')
    .update(accessToken)
    .digest()
  return digest.subarray(0, digest.length / 2).toString('base64url')
}
