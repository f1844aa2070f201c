import { type KeyStatus, readSigningKeys, type SigningJwk } from '../../src/config/signing-keys.ts'
import { makeKey, type PrivateJwk } from '../../src/keys/make-key.ts'
import { type SigningAlgorithm, signingAlgorithms } from '../../src/oauth/signing-algorithm.ts'

/** A private JWKS as SIGNING_KEYS has it. */
export function privateJwks(...keys: object[]): string {
  return JSON.stringify({ keys })
}

/** The keys as the configuration reads them. */
export function asRead(...keys: object[]): SigningJwk[] {
  return readSigningKeys(privateJwks(...keys))
}

/** A fresh key; undefined leaves the status out, as in a plain JWKS. */
export async function key(
  kid: string,
  status: KeyStatus | undefined,
  more: { alg?: SigningAlgorithm; retired_at?: number } = {},
): Promise<PrivateJwk> {
  const { alg = 'ES256', ...members } = more
  const { status: made, ...jwk } = await makeKey(alg, status ?? 'active', kid)
  return { ...jwk, ...(status === undefined ? {} : { status: made }), ...members } as PrivateJwk
}

/** The algorithms, as the rows of a table. */
export const algorithms: readonly SigningAlgorithm[] = signingAlgorithms
