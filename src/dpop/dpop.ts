import { CLOCK_SKEW, type Clock } from '../lib/clock.ts'
import { OAuthError } from '../oauth/errors.ts'
import type { OnceStore } from '../store/once.ts'
import type { DpopNonces } from './nonces.ts'
import { DPOP_ALGORITHMS, readProof } from './proof.ts'
import { type ProofClaims, type ProvenRequest, readProofClaims } from './proof-claims.ts'

/** Demonstrating proof of possession (RFC 9449). */
export interface Dpop {
  /**
   * The thumbprint of the key that the request proves to hold; undefined where it carries no proof. A proof is good once.
   *
   * @param fields the values of its DPoP header fields
   * @param request.boundTo the key that must be proven, where that is known beforehand
   * @throws OAuthError `invalid_dpop_proof`, `use_dpop_nonce` with a nonce to use, or `invalid_token` for a proof by
   * another key than boundTo
   */
  prove(fields: readonly string[], request: ProvenRequest & { boundTo?: string }): Promise<string | undefined>
  /** Headers that offer a nonce for the next proof (§8.2); none where nonces are not asked for. */
  offer(): Record<string, string>
}

/**
 * How old a proof may be, in milliseconds: a slow network and one retry of the same request, and a clock that is half a
 * minute behind. What was captured earlier is worth nothing even to someone who kept the request from arriving.
 */
const OLDEST = 60_000

/** @param deps.nonces undefined where the time of a proof is told by its iat */
export function createDpop(deps: { once: OnceStore; clock: Clock; nonces: DpopNonces | undefined }): Dpop {
  const { once, clock, nonces } = deps
  const offer = (): Record<string, string> => (nonces === undefined ? {} : { 'DPoP-Nonce': nonces.current() })

  /**
   * Until when the proof is good: by the nonce, whose time is our own, or else by iat (RFC 9449 §4.3, steps 10 and 11).
   * With nonces the client's clock has no say, so that a wrong one locks nobody out (§8).
   */
  const requireFresh = ({ iat, nonce }: ProofClaims): number => {
    if (nonces !== undefined) {
      const until = nonce === undefined ? undefined : nonces.acceptedUntil(nonce)
      if (until === undefined) {
        throw new OAuthError('use_dpop_nonce', 'the DPoP proof needs the nonce of the DPoP-Nonce header', {
          cause: nonce === undefined ? 'proof-without-nonce' : 'stale-nonce',
          headers: offer(),
        })
      }
      return until
    }
    const now = clock.now()
    if (iat * 1000 < now - OLDEST) throw invalidProof('stale-proof')
    // More room would help whoever makes proofs in advance at a machine they will lose (§11.2); DPOP_NONCE leaves none.
    if (iat * 1000 > now + CLOCK_SKEW) throw invalidProof('proof-from-the-future')
    // A proof stays good for longer at a process of ours whose clock is behind.
    return iat * 1000 + OLDEST + CLOCK_SKEW
  }

  return {
    offer,

    async prove(fields, request) {
      if (fields.length === 0) return undefined
      const proof = await readProof(fields)
      if ('cause' in proof) throw invalidProof(proof.cause)
      const claims = readProofClaims(proof.claims, request)
      if ('cause' in claims) throw invalidProof(claims.cause)
      const { jkt } = proof
      if (request.boundTo !== undefined && request.boundTo !== jkt) {
        throw new OAuthError('invalid_token', 'the access token is bound to another key', { cause: 'wrong-dpop-key' })
      }
      const goodUntil = requireFresh(claims)
      // Last of all, and only for requests that carry a proof: the one trip to the store that DPoP costs. Each key counts
      // its own ids, so that nobody uses up those of another.
      const first = await once.use(`dpop ${jkt}`, claims.jti, goodUntil, clock.now())
      if (!first) throw invalidProof('proof-replayed')
      return jkt
    },
  }
}

/**
 * RFC 9449 §5: one code and one sentence for every flaw of a proof; which it was, the log tells.
 *
 * @param cause a stable word
 */
export function invalidProof(
  cause: string,
  description = 'the DPoP proof is invalid, stale or was used before',
): OAuthError {
  return new OAuthError('invalid_dpop_proof', description, { cause })
}

/** The challenge of the DPoP scheme (RFC 9449 §7.1), with the error where the client tried it. */
export function dpopChallenge(error?: OAuthError): string {
  const told = error === undefined ? '' : `error="${error.code}", error_description="${error.description}", `
  return `DPoP ${told}algs="${DPOP_ALGORITHMS.join(' ')}"`
}
