import type { SigningJwk } from '../config/signing-keys.ts'
import type { PrivateJwk } from './make-key.ts'

/** A private JWKS as it is written into SIGNING_KEYS. */
export interface PrivateJwks {
  keys: ReadonlyArray<Readonly<Record<string, unknown>>>
}

/**
 * The moves of a rotation, each from the keys that were read to the JWKS to write next. An algorithm is rotated by itself.
 * Every key is written with its status; the order decides only which algorithm is the default: that of the first active key.
 */

/**
 * The first step: another key is published and not yet used. It stands behind the last one of its algorithm, so that
 * once it is active the default algorithm is still the same.
 */
export function withPending(keys: readonly SigningJwk[], next: PrivateJwk): PrivateJwks {
  const last = keys.findLastIndex((key) => key.alg === next.alg)
  const place = last === -1 ? keys.length : last + 1
  return { keys: [...keys.slice(0, place).map(written), next, ...keys.slice(place).map(written)] }
}

/**
 * The second step: the pending key signs, and the one that signed by the same algorithm until now is retired.
 *
 * @param kid the pending key
 * @param now seconds since the epoch
 * @param asDefault whether its algorithm becomes the default; the key then moves to the front
 */
export function withActive(keys: readonly SigningJwk[], kid: string, now: number, asDefault = false): PrivateJwks {
  const next = keys.find((key) => key.kid === kid)
  const moved = keys.map((key) => {
    if (key === next) return { ...key.jwk, status: 'active' }
    if (key.status === 'active' && key.alg === next?.alg) return { ...key.jwk, status: 'retired', retired_at: now }
    return written(key)
  })
  return {
    keys: asDefault ? [...moved.filter((key) => key.kid === kid), ...moved.filter((key) => key.kid !== kid)] : moved,
  }
}

/**
 * The last step: the keys without those that have been retired for long enough. One without `retired_at` stays.
 *
 * @param maxAge seconds after which no token under a retired key is left
 * @param now seconds since the epoch
 */
export function withoutExpired(keys: readonly SigningJwk[], maxAge: number, now: number): SigningJwk[] {
  return keys.filter((key) => key.retiredAt === undefined || now < key.retiredAt + maxAge)
}

function written({ jwk, status }: SigningJwk): Readonly<Record<string, unknown>> {
  return { ...jwk, status }
}
