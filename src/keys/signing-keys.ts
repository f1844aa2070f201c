import { generateKeyPairSync } from 'node:crypto'
import { type CryptoKey, calculateJwkThumbprint, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose'
import type { SigningJwk } from '../config/signing-keys.ts'

/** The keys that tokens are signed with. */
export interface SigningKeys {
  /**
   * A signed JWT under the newest key.
   *
   * @param typ the media type of the header, such as at+jwt (RFC 9068 §2.1)
   */
  sign(claims: JWTPayload, typ: string): Promise<string>
  /** The JWKS document (RFC 7517 §5), public members only. */
  publicJwks(): { keys: JWK[] }
  /** Puts other keys in place of all. */
  replace(keys: readonly SigningJwk[]): Promise<void>
}

interface ImportedKey {
  kid: string
  alg: string
  privateKey: CryptoKey
  publicJwk: JWK
}

/** The members of a JWK that anyone may see (RFC 7518 §6, RFC 8037 §2); everything else stays in. */
const PUBLIC_MEMBERS = ['kty', 'crv', 'x', 'y', 'n', 'e'] as const

/** @param initial at least one key; the first signs, all are published */
export async function createSigningKeys(initial: readonly SigningJwk[]): Promise<SigningKeys> {
  let keys = await Promise.all(initial.map(importKey))

  return {
    sign(claims, typ) {
      const key = keys[0] as ImportedKey
      return new SignJWT(claims).setProtectedHeader({ alg: key.alg, kid: key.kid, typ }).sign(key.privateKey)
    },
    publicJwks: () => ({ keys: keys.map((key) => key.publicJwk) }),
    async replace(next) {
      keys = await Promise.all(next.map(importKey))
    },
  }
}

/** A new ES256 key, named by its thumbprint (RFC 7638). */
export async function makeSigningKey(): Promise<SigningJwk> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = privateKey.export({ format: 'jwk' }) as JWK
  const kid = await calculateJwkThumbprint(jwk)
  return { kid, alg: 'ES256', jwk: { ...jwk, kid, alg: 'ES256' } }
}

async function importKey({ kid, alg, jwk }: SigningJwk): Promise<ImportedKey> {
  const visible = Object.fromEntries(PUBLIC_MEMBERS.flatMap((name) => (name in jwk ? [[name, jwk[name]]] : [])))
  return {
    kid,
    alg,
    privateKey: (await importJWK(jwk as JWK, alg)) as CryptoKey,
    publicJwk: { ...(visible as JWK), kid, alg, use: 'sig' },
  }
}
