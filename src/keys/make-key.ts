import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, type JWK } from 'jose'
import type { SigningAlgorithm } from '../config/private-jwk.ts'
import type { KeyStatus } from '../config/signing-keys.ts'

/** A key of a private JWKS, as it is written into SIGNING_KEYS. */
export type PrivateJwk = Readonly<Record<string, unknown>> & { readonly kid: string; readonly alg: SigningAlgorithm }

const RSA_BITS = 3072

const makers: Readonly<Record<SigningAlgorithm, () => KeyObject>> = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  EdDSA: () => generateKeyPairSync('ed25519').privateKey,
  RS256: () => generateKeyPairSync('rsa', { modulusLength: RSA_BITS }).privateKey,
  PS256: () => generateKeyPairSync('rsa', { modulusLength: RSA_BITS }).privateKey,
}

/**
 * A new private key.
 *
 * @param kid its name; unless told, its thumbprint (RFC 7638), which no two keys share
 */
export async function makeKey(alg: SigningAlgorithm, status: KeyStatus, kid?: string): Promise<PrivateJwk> {
  const jwk = makers[alg]().export({ format: 'jwk' })
  return { ...jwk, kid: kid ?? (await calculateJwkThumbprint(jwk as JWK)), alg, use: 'sig', status }
}
