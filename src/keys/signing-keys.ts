import { type CryptoKey, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose'
import { publicMembers } from '../config/private-jwk.ts'
import { readSigningKeys, type SigningJwk } from '../config/signing-keys.ts'
import type { Clock } from '../lib/clock.ts'
import { makeKey } from './make-key.ts'
import { isPublished, rotationWarnings } from './publication.ts'

/** The keys that tokens are signed with. */
export interface SigningKeys {
  /**
   * A signed JWT under the active key.
   *
   * @param typ the media type of the header, such as at+jwt (RFC 9068 §2.1)
   */
  sign(claims: JWTPayload, typ: string): Promise<string>
  /** The JWKS document (RFC 7517 §5): public members only, in the order of the configuration. */
  publicJwks(): { keys: JWK[] }
  /**
   * Puts other keys in place of all, in one move: a token is signed under the old ones or the new ones.
   *
   * @returns what of this change may make tokens fail, as sentences for the operator
   */
  replace(keys: readonly SigningJwk[]): Promise<readonly string[]>
}

/** The key that signs, ready to do so. */
interface Signer {
  kid: string
  alg: string
  privateKey: CryptoKey
}

/**
 * @param initial exactly one of them active
 * @param deps.longestToken how long the longest-lived token is good for, in milliseconds
 */
export async function createSigningKeys(
  initial: readonly SigningJwk[],
  deps: { clock: Clock; longestToken(): number },
): Promise<SigningKeys> {
  const { clock, longestToken } = deps
  let keys = initial
  let signer = await importSigner(initial)
  // What a process finds at its start may have been published by the one before it, however long ago.
  let publishedSince = new Map(initial.map(({ kid }) => [kid, 0]))

  return {
    sign(claims, typ) {
      const { alg, kid, privateKey } = signer
      return new SignJWT(claims).setProtectedHeader({ alg, kid, typ }).sign(privateKey)
    },

    publicJwks() {
      const now = clock.now()
      return { keys: keys.filter((key) => isPublished(key, longestToken(), now)).map(asPublicJwk) }
    },

    async replace(next) {
      const nextSigner = await importSigner(next)
      const now = clock.now()
      const since = publishedSince
      const warnings = rotationWarnings({ before: keys, after: next, publishedSince: (kid) => since.get(kid), now })
      publishedSince = new Map(next.map(({ kid }) => [kid, since.get(kid) ?? now]))
      keys = next
      signer = nextSigner
      return warnings
    },
  }
}

/** A key for one run, where none is configured. */
export async function makeSigningKeys(): Promise<SigningJwk[]> {
  return readSigningKeys(JSON.stringify({ keys: [await makeKey('ES256', 'active')] }))
}

async function importSigner(keys: readonly SigningJwk[]): Promise<Signer> {
  const active = keys.find((key) => key.status === 'active')
  if (active === undefined) throw new Error('one key must be active')
  const { kid, alg, jwk } = active
  // Members of ours, and key_ops and ext of others, are no part of the key.
  const { status, retired_at, key_ops, ext, ...material } = jwk
  return { kid, alg, privateKey: (await importJWK(material as JWK, alg)) as CryptoKey }
}

function asPublicJwk({ kid, alg, jwk }: SigningJwk): JWK {
  return { ...publicMembers(jwk), kid, alg, use: 'sig' }
}
