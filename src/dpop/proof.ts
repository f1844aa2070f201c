import type { KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, compactVerify, type JWK } from 'jose'
import { isBase64Url } from '../lib/encoding.ts'
import { readJsonObject } from '../lib/json-object.ts'
import { ASYMMETRIC_ALGORITHMS, readPublicKey } from '../oauth/public-key.ts'

/** A proof whose signature holds; what it says has yet to be compared with the request it came with. */
export interface Proof {
  /** The thumbprint of its key (RFC 7638), which tokens are bound to. */
  jkt: string
  claims: Readonly<Record<string, unknown>>
}

/** Why a text is no proof, as a stable word for the log. */
export interface Refused {
  cause: string
}

/** What proofs may be signed with (dpop_signing_alg_values_supported): asymmetric only, never none (RFC 9449 §4.3). */
export const DPOP_ALGORITHMS = ASYMMETRIC_ALGORITHMS

/** RFC 9449 §4.2, and compared as it stands: every client writes it so. */
const TYPE = 'dpop+jwt'

const LARGEST = 4096

/**
 * Header members that point to another key than the one in jwk, or demand extensions (RFC 7515 §4.1.11). A kid is only a
 * name and nothing is looked up by it.
 */
const REFUSED_HEADERS = ['jku', 'x5u', 'x5c', 'crit']

/**
 * Reads the values of the DPoP header fields of a request as its one proof (RFC 9449 §4.3, steps 1 to 7). What is too
 * large or malformed costs no work on signatures.
 */
export async function readProof(fields: readonly string[]): Promise<Proof | Refused> {
  const [jws = '', second] = fields
  if (second !== undefined) return { cause: 'two-proofs' }
  if (jws.length > LARGEST) return { cause: 'proof-too-large' }
  // A proxy may fold several fields into one by commas, which no compact JWS has.
  if (jws.includes(',')) return { cause: 'two-proofs' }
  const parts = jws.split('.')
  if (parts.length !== 3 || !parts.every(isBase64Url)) return { cause: 'malformed-proof' }
  const header = readJsonObject(Buffer.from(parts[0] ?? '', 'base64url'))
  if (header === undefined) return { cause: 'malformed-proof' }

  const refused = REFUSED_HEADERS.find((name) => Object.hasOwn(header, name))
  if (refused !== undefined) return { cause: `proof-with-${refused}` }
  if (header.typ !== TYPE) return { cause: 'wrong-typ' }
  const { alg } = header
  if (typeof alg !== 'string' || !DPOP_ALGORITHMS.includes(alg)) return { cause: 'wrong-alg' }
  const read = readPublicKey(header.jwk)
  if ('problem' in read) return { cause: hasPrivatePart(header.jwk) ? 'private-jwk' : 'malformed-jwk' }
  // The key decides what it can be used for, not the header alone (RFC 8725 §3.1).
  if (!read.key.algorithms.includes(alg)) return { cause: 'wrong-alg' }

  const claims = await verify(jws, alg, read.key.key)
  if (claims === undefined) return { cause: 'wrong-signature' }
  const jkt = await thumbprint(header.jwk as JWK, read.key.key)
  return jkt === undefined ? { cause: 'malformed-jwk' } : { jkt, claims }
}

async function verify(jws: string, alg: string, key: KeyObject): Promise<Record<string, unknown> | undefined> {
  try {
    const { payload } = await compactVerify(jws, key, { algorithms: [alg] })
    return readJsonObject(payload)
  } catch {
    return undefined
  }
}

/** RFC 7638 §3. Undefined where the key is spelled in another way than RFC 7518 §2 wants: one key has one thumbprint. */
async function thumbprint(jwk: JWK, key: KeyObject): Promise<string | undefined> {
  const jkt = await calculateJwkThumbprint(jwk, 'sha256')
  const canonical = key.export({ format: 'jwk' }) as JWK
  return jkt === (await calculateJwkThumbprint(canonical, 'sha256')) ? jkt : undefined
}

function hasPrivatePart(jwk: unknown): boolean {
  return typeof jwk === 'object' && jwk !== null && ('d' in jwk || 'k' in jwk)
}
