import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import { deriveKey } from './derive-key.ts'

/** Makes and checks message authentication codes for one purpose. */
export interface Mac {
  /** HMAC-SHA-256 of the text under the first key, 43 characters of base64url. */
  sign(text: string): string
  /** Whether the code was made for this text under any of the keys; in constant time for each key. */
  verify(text: string, code: string): boolean
}

const CODE_LENGTH = 43

/**
 * A MAC for one purpose. Each purpose has keys of its own, derived by HKDF (RFC 5869), so that a value made for one
 * purpose proves nothing for another. The first secret makes codes and all of them verify: this is how secrets are rotated.
 *
 * @param secrets at least one, the newest first
 * @param purpose a short constant name
 */
export function createMac(secrets: readonly string[], purpose: string): Mac {
  // Node 24 takes five times as long with bytes, which it would make such a key of at every call.
  const keys = secrets.map((secret) => createSecretKey(deriveKey(secret, purpose)))
  const newest = keys[0]
  if (newest === undefined) throw new Error('createMac needs at least one secret')

  return {
    sign: (text) => code(newest, text).toString('base64url'),
    verify: (text, presented) => {
      if (presented.length !== CODE_LENGTH) return false
      const bytes = Buffer.from(presented, 'base64url')
      // Buffer ignores characters outside the alphabet and spare bits: only the one canonical spelling is ours.
      if (bytes.length !== 32 || bytes.toString('base64url') !== presented) return false
      return keys.some((key) => timingSafeEqual(code(key, text), bytes))
    },
  }
}

function code(key: KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
