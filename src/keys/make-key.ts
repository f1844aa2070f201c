import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { calculateJwkThumbprint, type JWK } from 'jose'
import type { KeyStatus } from '../config/signing-keys.ts'
import type { SigningAlgorithm } from '../oauth/signing-algorithm.ts'

/** A key of a private JWKS, as it is written into SIGNING_KEYS. */
export type PrivateJwk = Readonly<Record<string, unknown>> & { readonly kid: string; readonly alg: SigningAlgorithm }

const RSA_BITS = 3072

/** Not the synchronous one: an RSA key takes long enough to hold up everything else. */
const newPair = promisify(generateKeyPair)

const makers: Readonly<Record<SigningAlgorithm, (rsaBits: number) => Promise<{ privateKey: KeyObject }>>> = {
  ES256: () => newPair('ec', { namedCurve: 'P-256' }),
  EdDSA: () => newPair('ed25519'),
  RS256: (modulusLength) => newPair('rsa', { modulusLength }),
  PS256: (modulusLength) => newPair('rsa', { modulusLength }),
}

/**
 * A new private key.
 *
 * @param kid its name; unless told, its thumbprint (RFC 7638), which no two keys share
 */
export async function makeKey(
  alg: SigningAlgorithm,
  status: KeyStatus,
  kid?: string,
  rsaBits: number = RSA_BITS,
): Promise<PrivateJwk> {
  const { privateKey } = await makers[alg](rsaBits)
  const jwk = privateKey.export({ format: 'jwk' })
  return { ...jwk, kid: kid ?? (await calculateJwkThumbprint(jwk as JWK)), alg, use: 'sig', status }
}
