import type { SigningJwk } from '../config/signing-keys.ts'

/** How long others may keep the JWKS document, in milliseconds; a key must be published this long before it signs. */
export const JWKS_MAX_AGE = 5 * 60 * 1000

/**
 * How long after its `retired_at` a key may go on signing, in milliseconds: the new keys reach the processes one after
 * the other, and no two clocks are the same.
 */
const ROLL_OUT = 60 * 60 * 1000

/**
 * Whether the key belongs in the public JWKS: every key, but a retired one only until the last token under it is over.
 * Where nobody wrote down when it was retired it stays until it is taken out.
 *
 * @param longestToken how long the longest-lived token is good for, in milliseconds
 */
export function isPublished(key: SigningJwk, longestToken: number, now: number): boolean {
  if (key.status !== 'retired' || key.retiredAt === undefined) return true
  return now < key.retiredAt * 1000 + longestToken + ROLL_OUT
}

/** What of a rotation may make tokens fail, as sentences for the operator. */
export function rotationWarnings(rotation: {
  before: readonly SigningJwk[]
  after: readonly SigningJwk[]
  /** Since when a key has been published, in milliseconds since the epoch; undefined for one that was not. */
  publishedSince(kid: string): number | undefined
  now: number
}): string[] {
  const { before, after, publishedSince, now } = rotation
  const [was, is] = [activeKeys(before), activeKeys(after)]
  const warnings = is
    .filter(({ kid }) => !was.some((key) => key.kid === kid))
    .flatMap(({ kid }) => tooSoon(kid, publishedSince(kid), now))
  for (const { kid } of was) {
    if (after.some((key) => key.kid === kid)) continue
    warnings.push(
      `the signing key ${kid} is no longer published: tokens under it are refused from now on. Keep it as retired, unless that is the purpose`,
    )
  }
  const [from, to] = [was[0]?.alg, is[0]?.alg]
  if (from !== to) {
    warnings.push(
      `access tokens are signed by ${to} from now on, and were by ${from}: the first active key decides. They are refused by every API that does not accept ${to}`,
    )
  }
  return warnings
}

function activeKeys(keys: readonly SigningJwk[]): SigningJwk[] {
  return keys.filter((key) => key.status === 'active')
}

/** What is wrong with a key that signs now and did not before, if anything. */
function tooSoon(kid: string, since: number | undefined, now: number): string[] {
  if (since === undefined) {
    return [
      `the signing key ${kid} was not published before it became active: tokens are refused by whoever still keeps the JWKS from before. Publish the next key as pending first`,
    ]
  }
  if (now - since >= JWKS_MAX_AGE) return []
  return [
    `the signing key ${kid} became active ${Math.floor((now - since) / 1000)} s after it was published: the JWKS from before may be kept for ${JWKS_MAX_AGE / 1000} s`,
  ]
}
