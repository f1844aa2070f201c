import { sha256 } from '../lib/digest.ts'
import { normalizeHttpUri } from './http-uri.ts'
import type { Refused } from './proof.ts'

/** The request that a proof must be for. */
export interface ProvenRequest {
  method: string
  /** The address of the endpoint, made from ISSUER: what the request says of its own host proves nothing. */
  uri: string
  /** The access token that came along, at protected endpoints. */
  accessToken?: string
}

/** The claims of a proof that fits its request, as far as the time has no say. */
export interface ProofClaims {
  jti: string
  /** NumericDate. */
  iat: number
  nonce: string | undefined
}

const LONGEST_JTI = 256

/** Compares the claims of a proof with its request (RFC 9449 §4.3, steps 3, 8, 9 and 12). */
export function readProofClaims(
  claims: Readonly<Record<string, unknown>>,
  request: ProvenRequest,
): ProofClaims | Refused {
  const { jti, htm, htu, iat, ath, nonce } = claims
  if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_JTI) return { cause: 'no-jti' }
  if (typeof iat !== 'number' || !Number.isFinite(iat)) return { cause: 'no-iat' }
  if (nonce !== undefined && typeof nonce !== 'string') return { cause: 'malformed-nonce' }
  if (htm !== request.method) return { cause: 'wrong-htm' }
  const uri = typeof htu === 'string' ? normalizeHttpUri(htu) : undefined
  if (uri === undefined || uri !== normalizeHttpUri(request.uri)) return { cause: 'wrong-htu' }
  const { accessToken } = request
  if (accessToken !== undefined && ath !== sha256(accessToken)) return { cause: 'wrong-ath' }
  return { jti, iat, nonce }
}
