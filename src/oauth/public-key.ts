import { createPublicKey, type KeyObject } from 'node:crypto'

/** A public key that a client's signatures are verified with. */
export interface PublicKey {
  /** Its name in the client's key set. */
  readonly kid: string | undefined
  /** What it may have signed with. */
  readonly algorithms: readonly string[]
  readonly key: KeyObject
}

/**
 * The asymmetric algorithms for signatures of clients, and what a key must look like for each (RFC 7518 §3.1, RFC 8037
 * §3.1). EdDSA has two names: RFC 9864 §2.2 gave it the second, and libraries send either.
 */
const KEY_SHAPES: Readonly<Record<string, { kty: string; crv?: string }>> = {
  ES256: { kty: 'EC', crv: 'P-256' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
  Ed25519: { kty: 'OKP', crv: 'Ed25519' },
  RS256: { kty: 'RSA' },
  PS256: { kty: 'RSA' },
}

export const ASYMMETRIC_ALGORITHMS: readonly string[] = Object.keys(KEY_SHAPES)

/** Members that only private and symmetric keys have (RFC 7518 §6.2.2, §6.3.2 and §6.4.1). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

const LONGEST_KID = 256
/** RFC 7518 §3.3 asks for the least; the most keeps a verification cheap. */
const RSA_BITS = { least: 2048, most: 8192 }

/**
 * A JWK (RFC 7517 §4) as a public signing key, or what is wrong with it in words that go on from its name and repeat
 * none of it.
 */
export function readPublicKey(value: unknown): { key: PublicKey } | { problem: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { problem: 'must be an object' }
  const jwk = value as Record<string, unknown>
  const { kid, alg, use, key_ops } = jwk
  if (PRIVATE_MEMBERS.some((name) => name in jwk)) {
    return { problem: 'is a private key; only its public part belongs here, and this key is no secret any more' }
  }
  if (kid !== undefined && (typeof kid !== 'string' || kid === '' || kid.length > LONGEST_KID)) {
    return { problem: `has a kid that is not text of 1 to ${LONGEST_KID} characters` }
  }
  if (use !== undefined && use !== 'sig') return { problem: 'is not for signatures: its use must be sig' }
  if (key_ops !== undefined && !(Array.isArray(key_ops) && key_ops.includes('verify'))) {
    return { problem: 'is not for signatures: its key_ops must have verify' }
  }
  const fitting = ASYMMETRIC_ALGORITHMS.filter((name) => hasShape(jwk, name))
  if (fitting.length === 0) return { problem: 'must be of kty EC with crv P-256, OKP with crv Ed25519, or RSA' }
  const algorithms = alg === undefined ? fitting : fitting.filter((name) => isSameAlgorithm(name, alg))
  if (algorithms.length === 0) {
    return { problem: `has an alg that does not fit it; right would be ${fitting.join(' or ')}` }
  }
  const key = importKey(jwk)
  if (key === undefined) return { problem: 'is not a valid key' }
  const bits = key.asymmetricKeyDetails?.modulusLength
  if (bits !== undefined && (bits < RSA_BITS.least || bits > RSA_BITS.most)) {
    return { problem: `must have ${RSA_BITS.least} to ${RSA_BITS.most} bits (RFC 7518 §3.3)` }
  }
  return { key: { kid, algorithms, key } }
}

/** Whether two names mean one algorithm. */
export function isSameAlgorithm(a: unknown, b: unknown): boolean {
  const oneName = (alg: unknown) => (alg === 'Ed25519' ? 'EdDSA' : alg)
  return oneName(a) === oneName(b)
}

function hasShape(jwk: { kty?: unknown; crv?: unknown }, alg: string): boolean {
  const shape = Object.hasOwn(KEY_SHAPES, alg) ? KEY_SHAPES[alg] : undefined
  return shape !== undefined && jwk.kty === shape.kty && (shape.crv === undefined || jwk.crv === shape.crv)
}

function importKey(jwk: Record<string, unknown>): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' })
  } catch {
    return undefined
  }
}
