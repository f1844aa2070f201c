import { CompactEncrypt, compactDecrypt } from 'jose'
import { deriveKey } from '../lib/derive-key.ts'
import type { AccessTokenClaims } from './claims.ts'

/** Access tokens that say nothing to whoever holds them; only introspection resolves them. */
export interface OpaqueTokens {
  seal(claims: AccessTokenClaims): Promise<string>
  /** The claims of a token this server sealed, expired or not; undefined for anything else. */
  open(token: string): Promise<AccessTokenClaims | undefined>
}

const PREFIX = 'lka_'
const LONGEST = 4096

/**
 * Opaque tokens carry their claims encrypted (JWE, RFC 7516, AES-256-GCM under a key of their own), so that they cost the
 * store nothing: introspection is one trip for them as it is for JWTs.
 *
 * @param secrets the newest first: it seals, all open
 */
export function createOpaqueTokens(secrets: readonly string[]): OpaqueTokens {
  const keys = secrets.map((secret) => deriveKey(secret, 'opaque access token'))
  const newest = keys[0]
  if (newest === undefined) throw new Error('createOpaqueTokens needs at least one secret')

  return {
    async seal(claims) {
      const plaintext = new TextEncoder().encode(JSON.stringify(claims))
      const jwe = new CompactEncrypt(plaintext).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      return PREFIX + (await jwe.encrypt(newest))
    },
    async open(token) {
      if (!token.startsWith(PREFIX) || token.length > LONGEST) return undefined
      for (const key of keys) {
        try {
          const allowed = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] }
          const { plaintext } = await compactDecrypt(token.slice(PREFIX.length), key, allowed)
          return JSON.parse(new TextDecoder().decode(plaintext)) as AccessTokenClaims
        } catch {
          // Not sealed under this key: an older one may open it, and a forged token opens under none.
        }
      }
      return undefined
    },
  }
}
