import {
  constants,
  createPrivateKey,
  createPublicKey,
  type SignKeyObjectInput,
  sign as signBytes,
  verify,
} from 'node:crypto'
import { promisify } from 'node:util'
import type { JWTPayload } from 'jose'
import { publicMembers } from '../config/private-jwk.ts'
import type { SigningJwk } from '../config/signing-keys.ts'
import type { SigningAlgorithm } from '../oauth/signing-algorithm.ts'
import { rawSignature } from './raw-signature.ts'

/** A key that signs, ready to do so. */
export interface Signer {
  alg: SigningAlgorithm
  /** A JWT in compact form (RFC 7515 §7.1). */
  sign(claims: JWTPayload, typ: string): Promise<string>
}

/** How an algorithm signs (RFC 7518 §3, RFC 8037 §3.1). */
interface Method {
  digest: 'sha256' | null
  /** Beside the key; none: the key goes by itself, which is faster. */
  options?: Omit<SignKeyObjectInput, 'key'>
  /** Takes about a millisecond, in which this thread has other things to do. */
  inThreadPool: boolean
  /** What a JWS has of what node:crypto gives; left out where it is the same. */
  toJws?(signature: Uint8Array): Uint8Array
}

const methods: Readonly<Record<SigningAlgorithm, Method>> = {
  // Not by the option dsaEncoding, which on Node 24 takes half as long again as to sign.
  ES256: { digest: 'sha256', inThreadPool: false, toJws: rawSignature },
  EdDSA: { digest: null, inThreadPool: false },
  RS256: { digest: 'sha256', options: { padding: constants.RSA_PKCS1_PADDING }, inThreadPool: true },
  PS256: {
    digest: 'sha256',
    options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
    inThreadPool: true,
  },
}

const TRIAL = Buffer.from('trial')

const signInThreadPool = promisify(signBytes)

/**
 * Signs by node:crypto: WebCrypto hands every signature to another thread, which for curves takes longer than to make it.
 *
 * @param key an active one, with its private members
 * @throws Error where its halves do not belong together: whoever verifies would be the first to notice
 */
export function createSigner({ kid, alg, jwk }: SigningJwk): Signer {
  const { digest, options, inThreadPool, toJws = (signature) => signature } = methods[alg]
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  const input = options === undefined ? key : { ...options, key }
  const publicKey = createPublicKey({ key: publicMembers(jwk), format: 'jwk' })
  if (!verify(digest, TRIAL, { ...options, key: publicKey }, signBytes(digest, TRIAL, input))) {
    throw new Error(`the private half of the signing key ${kid} does not belong to its public half`)
  }

  return {
    alg,
    async sign(claims, typ) {
      const signed = `${encode({ alg, kid, typ })}.${encode(claims)}`
      const bytes = Buffer.from(signed)
      const signature = inThreadPool ? await signInThreadPool(digest, bytes, input) : signBytes(digest, bytes, input)
      return `${signed}.${Buffer.from(toJws(signature)).toString('base64url')}`
    },
  }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
