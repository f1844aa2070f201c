import { createLocalJWKSet, jwtVerify } from 'jose'
import type { SigningKeys } from '../keys/signing-keys.ts'
import type { Clock } from '../lib/clock.ts'
import { whileSame } from '../lib/while-same.ts'
import type { AccessTokenStore, Standing } from '../store/store.ts'
import { ACCESS_TOKEN_TYPE } from './access-token.ts'
import { type AccessTokenClaims, readTokenName } from './claims.ts'
import type { OpaqueTokens } from './opaque-tokens.ts'

/** Reads access tokens that come back to this server. */
export interface AccessTokenReader {
  /** The claims of a token this server made that has not expired; undefined for anything else. Asks no store. */
  verify(token: string): Promise<AccessTokenClaims | undefined>
  /** Whether a verified token still stands: not revoked, and its authorization active. One trip to the store. */
  stands(claims: AccessTokenClaims): Promise<Standing>
}

/** What our tokens may be signed with; the header of a token never decides it (RFC 8725 §3.1). */
const ALGORITHMS = ['ES256', 'EdDSA', 'RS256', 'PS256']
const LONGEST = 8192

export function createAccessTokenReader(deps: {
  keys: SigningKeys
  opaque: OpaqueTokens
  store: AccessTokenStore
  clock: Clock
  issuer: string
}): AccessTokenReader {
  const { keys, opaque, store, clock, issuer } = deps

  const keySet = whileSame(() => [keys.publicJwks()], createLocalJWKSet)

  const verifyJwt = async (token: string): Promise<AccessTokenClaims | undefined> => {
    try {
      // Keys come from our own set by kid; a key named or carried in the header is never looked at.
      const { payload } = await jwtVerify(token, keySet(), {
        issuer,
        typ: ACCESS_TOKEN_TYPE,
        algorithms: ALGORITHMS,
        currentDate: new Date(clock.now()),
        requiredClaims: ['sub', 'aud', 'client_id', 'exp', 'jti'],
      })
      return payload as unknown as AccessTokenClaims
    } catch {
      return undefined
    }
  }

  return {
    async verify(token) {
      if (token.length > LONGEST) return undefined
      const sealed = await opaque.open(token)
      if (sealed === undefined) return verifyJwt(token)
      return sealed.exp * 1000 > clock.now() && sealed.iss === issuer ? sealed : undefined
    },
    stands: (claims) => store.stands(readTokenName(claims.jti), clock.now()),
  }
}
