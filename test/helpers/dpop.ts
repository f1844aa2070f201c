import { createHash, randomUUID } from 'node:crypto'
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  SignJWT,
} from 'jose'

/** A key that a client proves to hold. */
export interface ProofKey {
  alg: string
  /** The public half, as it stands in proofs. */
  jwk: JWK
  /** What nobody but the client has. */
  privateJwk: JWK
  privateKey: CryptoKey
  jkt: string
}

export const TOKEN_ENDPOINT = 'http://localhost:3000/oauth/token'

export async function makeProofKey(alg = 'ES256'): Promise<ProofKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(publicKey)
  return { alg, jwk, privateJwk: await exportJWK(privateKey), privateKey, jkt: await calculateJwkThumbprint(jwk) }
}

/** What a test says otherwise; undefined leaves a member out. */
export interface ProofChanges {
  /** Milliseconds. */
  now?: number
  claims?: Record<string, unknown>
  header?: Record<string, unknown>
  /** The access token that the proof goes with. */
  accessToken?: string
}

/** The header of a sound proof, with changes. */
export function proofHeader(key: ProofKey, { header = {} }: ProofChanges = {}): Record<string, unknown> {
  return defined({ typ: 'dpop+jwt', alg: key.alg, jwk: key.jwk, ...header })
}

/** The claims of a sound proof for the token endpoint of the test server, with changes. */
export function proofClaims({
  now = Date.now(),
  claims = {},
  accessToken,
}: ProofChanges = {}): Record<string, unknown> {
  const ath = accessToken && createHash('sha256').update(accessToken).digest('base64url')
  const sound = { jti: randomUUID(), htm: 'POST', htu: TOKEN_ENDPOINT, iat: Math.floor(now / 1000), ath }
  return defined({ ...sound, ...claims })
}

/** A proof signed with the key. */
export function signProof(key: ProofKey, changes: ProofChanges = {}): Promise<string> {
  return new SignJWT(proofClaims(changes))
    .setProtectedHeader(proofHeader(key, changes) as unknown as JWTHeaderParameters)
    .sign(key.privateKey)
}

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
