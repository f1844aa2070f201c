import { createPrivateKey } from 'node:crypto'
import { isRecord } from './members.ts'
import { json } from './parsers.ts'
import { Problems, quoted } from './problem.ts'

/** A private key in JWK form with its name and its one algorithm. */
export interface SigningJwk {
  readonly kid: string
  readonly alg: SigningAlgorithm
  readonly jwk: Readonly<Record<string, unknown>>
}

export type SigningAlgorithm = keyof typeof KEY_SHAPES

/** What a key must look like for each algorithm (RFC 7518 §3.1, RFC 8037 §3.1). */
const KEY_SHAPES = {
  ES256: { kty: 'EC', crv: 'P-256' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
  RS256: { kty: 'RSA', crv: undefined },
  PS256: { kty: 'RSA', crv: undefined },
} as const

/**
 * The private keys of the SIGNING_KEYS variable, a JWKS (RFC 7517 §5). The first one signs, all are published.
 *
 * @throws Problems naming the key by position; never repeats any of it
 */
export function readSigningKeys(value: string): SigningJwk[] {
  const jwks = json(value)
  if (!isRecord(jwks) || !Array.isArray(jwks.keys)) throw new Problems('must be a JWKS: {"keys":[...]}')
  if (jwks.keys.length === 0) throw new Problems('must have at least one key')
  const lines: string[] = []
  const keys = jwks.keys.flatMap((entry: unknown, index) => {
    const problem = keyProblem(entry)
    if (problem !== undefined) {
      lines.push(`keys[${index}] ${problem}`)
      return []
    }
    const jwk = entry as Record<string, unknown>
    return [{ kid: jwk.kid as string, alg: jwk.alg as SigningAlgorithm, jwk }]
  })
  const kids = keys.map((key) => key.kid)
  const twice = kids.find((kid, index) => kids.indexOf(kid) !== index)
  if (twice !== undefined) lines.push(`has the kid ${quoted(twice)} twice`)
  if (lines.length > 0) throw new Problems(...lines)
  return keys
}

function keyProblem(key: unknown): string | undefined {
  if (!isRecord(key)) return 'must be an object'
  if (typeof key.kid !== 'string' || key.kid === '') return 'needs a kid'
  const shape =
    typeof key.alg === 'string' && Object.hasOwn(KEY_SHAPES, key.alg)
      ? KEY_SHAPES[key.alg as SigningAlgorithm]
      : undefined
  if (shape === undefined) return `needs an alg: one of ${Object.keys(KEY_SHAPES).join(', ')}`
  if (key.kty !== shape.kty || (shape.crv !== undefined && key.crv !== shape.crv)) {
    return `does not fit its alg ${key.alg}: kty must be ${shape.kty}${shape.crv === undefined ? '' : ` and crv ${shape.crv}`}`
  }
  if (typeof key.d !== 'string') return 'is a public key; the private one (with d) is needed'
  if (key.kty === 'RSA' && (typeof key.n !== 'string' || key.n.length < 342))
    return 'must have at least 2048 bits (RFC 7518 §3.3)'
  try {
    createPrivateKey({ key, format: 'jwk' })
    return undefined
  } catch {
    return 'is not a valid key'
  }
}
