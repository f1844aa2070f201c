import type { SigningJwk } from '../config/signing-keys.ts'
import type { PrivateJwk } from './make-key.ts'

/** A private JWKS as it is written into SIGNING_KEYS. */
export interface PrivateJwks {
  keys: ReadonlyArray<Readonly<Record<string, unknown>>>
}

/**
 * The moves of a rotation, each from the keys that were read to the JWKS to write next. Every key is written with its
 * status, so that nothing hangs on the order any more; the order itself stays.
 */

/** The first step: another key is published and not yet used. */
export function withPending(keys: readonly SigningJwk[], next: PrivateJwk): PrivateJwks {
  return { keys: [...keys.map(written), next] }
}

/**
 * The second step: the pending key signs, and the one that signed until now is retired.
 *
 * @param kid the pending key
 * @param now seconds since the epoch
 */
export function withActive(keys: readonly SigningJwk[], kid: string, now: number): PrivateJwks {
  return {
    keys: keys.map((key) => {
      if (key.kid === kid) return { ...key.jwk, status: 'active' }
      if (key.status === 'active') return { ...key.jwk, status: 'retired', retired_at: now }
      return written(key)
    }),
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
