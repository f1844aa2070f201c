import type { JWK, JWTPayload } from 'jose'
import { publicMembers } from '../config/private-jwk.ts'
import { activeAlgorithms, madeUpAlgorithms, readSigningKeys, type SigningJwk } from '../config/signing-keys.ts'
import type { Clock } from '../lib/clock.ts'
import { sameItems } from '../lib/while-same.ts'
import type { SigningAlgorithm } from '../oauth/signing-algorithm.ts'
import { createSigner, type Signer } from './jwt-signer.ts'
import { makeKey } from './make-key.ts'
import { isPublished, rotationWarnings } from './publication.ts'

/** The keys that tokens are signed with. */
export interface SigningKeys {
  /**
   * A signed JWT under the active key of an algorithm.
   *
   * @param typ the media type of the header, such as at+jwt (RFC 9068 §2.1); undefined for ID tokens, which have no type
   * of their own and get the JWT of RFC 7519 §5.1
   * @param alg one of `algorithms()`; the default where it is left out
   */
  sign(claims: JWTPayload, typ: string | undefined, alg?: SigningAlgorithm): Promise<string>
  /** The algorithms that can sign now, the default first; the same array until that changes. */
  algorithms(): readonly SigningAlgorithm[]
  /**
   * The JWKS document (RFC 7517 §5): public members only, in the order of the configuration. The same object until a key
   * comes or goes.
   */
  publicJwks(): { keys: JWK[] }
  /**
   * Puts other keys in place of all, in one move: a token is signed under the old ones or the new ones.
   *
   * @returns what of this change may make tokens fail, as sentences for the operator
   */
  replace(keys: readonly SigningJwk[]): Promise<readonly string[]>
}

/** Half the work of what is made to stay: these keys end with the run. */
const MADE_UP_RSA_BITS = 2048

/**
 * @param initial at least one of them active and at most one of each algorithm; the first active one is the default
 * @param deps.longestToken how long the longest-lived token is good for, in milliseconds
 */
export async function createSigningKeys(
  initial: readonly SigningJwk[],
  deps: { clock: Clock; longestToken(): number },
): Promise<SigningKeys> {
  const { clock, longestToken } = deps
  let keys = initial
  let signers = createSigners(initial)
  let algorithms = activeAlgorithms(initial)
  let shown: { of: readonly SigningJwk[]; jwks: { keys: JWK[] } } = { of: [], jwks: { keys: [] } }
  // What a process finds at its start may have been published by the one before it, however long ago.
  let publishedSince = new Map(initial.map(({ kid }) => [kid, 0]))

  return {
    async sign(claims, typ = 'JWT', wanted) {
      const signer = wanted === undefined ? signers[0] : signers.find((one) => one.alg === wanted)
      // The configuration is refused before a client can ask for such an algorithm.
      if (signer === undefined) throw new Error(`no active key signs by ${wanted}`)
      return signer.sign(claims, typ)
    },

    algorithms: () => algorithms,

    publicJwks() {
      const now = clock.now()
      const longest = longestToken()
      const published = keys.filter((key) => isPublished(key, longest, now))
      if (!sameItems(published, shown.of)) shown = { of: published, jwks: { keys: published.map(asPublicJwk) } }
      return shown.jwks
    },

    async replace(next) {
      const nextSigners = createSigners(next)
      const now = clock.now()
      const since = publishedSince
      const warnings = rotationWarnings({ before: keys, after: next, publishedSince: (kid) => since.get(kid), now })
      publishedSince = new Map(next.map(({ kid }) => [kid, since.get(kid) ?? now]))
      keys = next
      signers = nextSigners
      algorithms = activeAlgorithms(next)
      return warnings
    },
  }
}

/** Keys for one run, where none are configured. */
export async function makeSigningKeys(): Promise<SigningJwk[]> {
  const keys = await Promise.all(madeUpAlgorithms.map((alg) => makeKey(alg, 'active', undefined, MADE_UP_RSA_BITS)))
  return readSigningKeys(JSON.stringify({ keys }))
}

function createSigners(keys: readonly SigningJwk[]): readonly Signer[] {
  const active = keys.filter((key) => key.status === 'active')
  if (active.length === 0) throw new Error('at least one key must be active')
  return active.map(createSigner)
}

function asPublicJwk({ kid, alg, jwk }: SigningJwk): JWK {
  return { ...publicMembers(jwk), kid, alg, use: 'sig' }
}
