import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { isRecord } from '../lib/json-object.ts'
import { type SigningAlgorithm, signingAlgorithms } from '../oauth/signing-algorithm.ts'

/** What a key must look like for each algorithm (RFC 7518 §3.1, RFC 8037 §3.1). */
const KEY_SHAPES = {
  ES256: { kty: 'EC', crv: 'P-256', members: ['x', 'y'] },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', members: ['x'] },
  RS256: { kty: 'RSA', crv: undefined, members: ['n', 'e'] },
  PS256: { kty: 'RSA', crv: undefined, members: ['n', 'e'] },
} as const satisfies Record<SigningAlgorithm, object>

const FEWEST_RSA_BITS = 2048

/** The members of a JWK that anyone may see (RFC 7518 §6, RFC 8037 §2); everything else stays in. */
export function publicMembers(jwk: Readonly<Record<string, unknown>>): { kty: string } & Record<string, string> {
  const shape = KEY_SHAPES[jwk.alg as SigningAlgorithm]
  const names = ['kty', ...(shape.crv === undefined ? [] : ['crv']), ...shape.members]
  return Object.fromEntries(names.map((name) => [name, jwk[name]])) as { kty: string } & Record<string, string>
}

/**
 * What is wrong with a key, as the end of a sentence that begins with its position; undefined if nothing. Never repeats
 * any of the key.
 *
 * @param signs whether the private half is needed
 */
export function jwkProblem(key: unknown, signs: boolean): string | undefined {
  if (!isRecord(key)) return 'must be an object'
  if (typeof key.kid !== 'string' || key.kid === '') return 'needs a kid'
  if (typeof key.alg !== 'string' || !Object.hasOwn(KEY_SHAPES, key.alg)) {
    return `needs an alg: one of ${signingAlgorithms.join(', ')}`
  }
  const shape = KEY_SHAPES[key.alg as SigningAlgorithm]
  if (key.kty !== shape.kty || (shape.crv !== undefined && key.crv !== shape.crv)) {
    return `does not fit its alg ${key.alg}: kty must be ${shape.kty}${shape.crv === undefined ? '' : ` and crv ${shape.crv}`}`
  }
  if (key.use !== undefined && key.use !== 'sig') return 'must have the use sig, or none'
  if (signs && typeof key.d !== 'string') return 'is a public key; the private one (with d) is needed'
  try {
    const bits = createPublicKey({ key: publicMembers(key), format: 'jwk' }).asymmetricKeyDetails?.modulusLength
    if (bits !== undefined && bits < FEWEST_RSA_BITS)
      return `must have at least ${FEWEST_RSA_BITS} bits (RFC 7518 §3.3)`
    if (key.d !== undefined && !halvesMatch(key)) return 'has a private half that does not belong to its public half'
  } catch {
    return 'is not a valid key'
  }
  return undefined
}

/** Whether what the private half signs is verified by the public half; where it is not, every token would be refused. */
function halvesMatch(key: Record<string, unknown>): boolean {
  const probe = Buffer.from('probe')
  const signature = sign(null, probe, createPrivateKey({ key, format: 'jwk' }))
  return verify(null, probe, createPublicKey({ key: publicMembers(key), format: 'jwk' }), signature)
}
