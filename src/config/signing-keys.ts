import { isRecord } from '../lib/json-object.ts'
import type { SigningAlgorithm } from '../oauth/signing-algorithm.ts'
import { json } from './parsers.ts'
import { jwkProblem } from './private-jwk.ts'
import { Problems, quoted } from './problem.ts'

/** The life of a key: `pending` is published and not yet used, `active` signs, `retired` is published while tokens under it live. */
export type KeyStatus = (typeof STATUSES)[number]

const STATUSES = ['pending', 'active', 'retired'] as const

/** A key in JWK form with its name, its one algorithm and where it is in its life. */
export interface SigningJwk {
  readonly kid: string
  readonly alg: SigningAlgorithm
  readonly status: KeyStatus
  /** When it was retired, in seconds since the epoch; undefined where it is not, or nobody wrote it down. */
  readonly retiredAt: number | undefined
  /** With the private members, except where a retired key has lost them. */
  readonly jwk: Readonly<Record<string, unknown>>
}

/** What is signed with where SIGNING_KEYS is not given, the default first: RS256 is what OpenID clients expect unasked. */
export const madeUpAlgorithms: readonly SigningAlgorithm[] = ['ES256', 'RS256']

/** Seconds since the epoch stay below this until the year 5138; milliseconds have been above it since 1973. */
const SURELY_MILLISECONDS = 100_000_000_000

/**
 * The keys of the SIGNING_KEYS variable: a private JWKS (RFC 7517 §5) whose keys may have the members `status` and
 * `retired_at`. Each algorithm has a life of its own: where none of its keys is marked as active, the first without a
 * status is; the others without one are published as they are, so that a plain JWKS means "of each algorithm the first
 * signs, all verify".
 *
 * @returns the keys in their order, at least one of them active and at most one of each algorithm
 * @throws Problems naming the keys by position; never repeats any of their secrets
 */
export function readSigningKeys(value: string): SigningJwk[] {
  const jwks = json(value)
  if (!isRecord(jwks) || !Array.isArray(jwks.keys)) throw new Problems('must be a JWKS: {"keys":[...]}')
  if (jwks.keys.length === 0) throw new Problems('must have at least one key')
  const entries: unknown[] = jwks.keys
  const lines = entries.flatMap((entry, index) => {
    const problem = entryProblem(entry)
    return problem === undefined ? [] : [`keys[${index}] ${problem}`]
  })
  if (lines.length > 0) throw new Problems(...lines)

  const keys = entries as Array<Record<string, unknown>>
  const kids = keys.map((key) => key.kid as string)
  const twice = kids.find((kid, index) => kids.indexOf(kid) !== index)
  if (twice !== undefined) throw new Problems(`has the kid ${quoted(twice)} twice`)

  const active = requireActive(
    keys.map((key) => ({ alg: key.alg as SigningAlgorithm, status: key.status as KeyStatus | undefined })),
  )
  return keys.map((jwk, index) => ({
    kid: jwk.kid as string,
    alg: jwk.alg as SigningAlgorithm,
    status: active.has(index) ? 'active' : ((jwk.status as KeyStatus | undefined) ?? 'retired'),
    retiredAt: jwk.retired_at as number | undefined,
    jwk,
  }))
}

/** The algorithms that can sign with these keys; that of the first active key is the default, and stands first. */
export function activeAlgorithms(keys: readonly SigningJwk[]): readonly SigningAlgorithm[] {
  return keys.filter((key) => key.status === 'active').map((key) => key.alg)
}

/** The positions of the keys that sign: one of each algorithm that has any. */
function requireActive(keys: ReadonlyArray<{ alg: SigningAlgorithm; status: KeyStatus | undefined }>): Set<number> {
  const positions = (alg: SigningAlgorithm, status: KeyStatus | undefined) =>
    keys.flatMap((key, index) => (key.alg === alg && key.status === status ? [index] : []))
  const algorithms = [...new Set(keys.map(({ alg }) => alg))]
  const lines = algorithms.flatMap((alg) => {
    const marked = positions(alg, 'active')
    if (marked.length < 2) return []
    const named = marked.map((index) => `keys[${index}]`).join(' and ')
    return [`has ${marked.length} active keys for ${alg}, ${named}; one signs, so mark the others pending or retired`]
  })
  if (lines.length > 0) throw new Problems(...lines)
  const active = algorithms.flatMap((alg) => positions(alg, 'active')[0] ?? positions(alg, undefined)[0] ?? [])
  if (active.length > 0) return new Set(active)
  const found = keys.every(({ status }) => status === 'retired') ? 'retired' : 'pending or retired'
  throw new Problems(`has no key that signs: all are ${found}; give one of them "status":"active"`)
}

function entryProblem(entry: unknown): string | undefined {
  if (!isRecord(entry)) return 'must be an object'
  const { status, retired_at } = entry
  if (status !== undefined && !STATUSES.some((known) => known === status)) {
    return `has the status ${quoted(status)}; it must be one of ${STATUSES.join(', ')}`
  }
  if (retired_at !== undefined) {
    if (status !== 'retired') return 'has retired_at, which goes with the status retired only'
    if (!Number.isSafeInteger(retired_at) || (retired_at as number) < 0) return 'must have whole seconds in retired_at'
    if ((retired_at as number) > SURELY_MILLISECONDS) return 'has milliseconds in retired_at; it must be seconds'
  }
  // A retired key only verifies, so its private half may already have been destroyed.
  return jwkProblem(entry, status !== 'retired')
}
