import { CLOCK_SKEW, toSeconds } from '../lib/clock.ts'

/** What an assertion must say. */
export interface ExpectedClaims {
  clientId: string
  issuer: string
  /** Milliseconds. */
  now: number
}

/** The claims of an assertion that holds. */
export interface AssertionClaims {
  jti: string
  /** Until when it would be accepted by any of our processes, in milliseconds. */
  acceptedUntil: number
}

/** In seconds, as the claims are. */
const SKEW = toSeconds(CLOCK_SKEW)
/** RFC 7523 §3: the server may refuse an exp that is unreasonably far away. Until then its jti must be remembered. */
const LONGEST_LIFE = 300
const LONGEST_JTI = 256

/**
 * Checks the verified claims of a client assertion (RFC 7523 §3, OpenID Connect Core §9).
 *
 * @returns what is needed to count it once, or the cause of its refusal as a stable word
 */
export function readClaims(
  claims: Record<string, unknown>,
  expected: ExpectedClaims,
): AssertionClaims | { cause: string } {
  const { clientId, issuer } = expected
  const now = expected.now / 1000
  const { iss, sub, aud, exp, nbf, iat, jti } = claims
  if (iss !== clientId) return { cause: 'wrong-iss' }
  if (sub !== clientId) return { cause: 'wrong-sub' }
  // Exactly our issuer and nothing beside it: an audience that a second server may share lets that one use the assertion
  // here (CVE-2025-27370). The token endpoint's URL, which older clients send, is a name anyone's metadata may claim.
  if (aud !== issuer) return { cause: 'wrong-aud' }
  if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_JTI) return { cause: 'no-jti' }
  if (!isTime(exp)) return { cause: 'no-exp' }
  if (exp + SKEW <= now) return { cause: 'assertion-expired' }
  if (exp > now + LONGEST_LIFE + SKEW) return { cause: 'exp-too-far-away' }
  if (nbf !== undefined && !isTime(nbf)) return { cause: 'malformed-nbf' }
  if (nbf !== undefined && nbf > now + SKEW) return { cause: 'assertion-not-yet-valid' }
  if (iat !== undefined && !isTime(iat)) return { cause: 'malformed-iat' }
  if (iat !== undefined && iat > now + SKEW) return { cause: 'assertion-from-the-future' }
  // The skew counts twice: another process whose clock is behind ours accepts it for longer.
  return { jti, acceptedUntil: (exp + 2 * SKEW) * 1000 }
}

/** A NumericDate (RFC 7519 §2). */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
