import { hkdfSync } from 'node:crypto'

/** 256 bits for one purpose, derived from a secret by HKDF (RFC 5869). Keys of different purposes tell nothing of each other. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'latchkey', purpose, 32))
}
