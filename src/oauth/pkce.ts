import { sha256 } from '../lib/digest.ts'
import { isBase64Url } from '../lib/encoding.ts'
import { OAuthError } from './errors.ts'
import { missing, type Params } from './params.ts'
import { diagnoseChallenge, diagnoseVerifier } from './pkce-doctor.ts'

/** The one challenge method (RFC 7636 §4.2). `plain` protects nothing from whoever sees the request. */
export const CHALLENGE_METHOD = 'S256'

/**
 * The code_challenge of an authorization request.
 *
 * @throws OAuthError `invalid_request` naming the parameter where it is missing or malformed, or the method is not S256
 * (RFC 7636 §4.4.1). An absent method would mean `plain` (§4.3), so it is refused as well.
 */
export function requireChallenge(params: Params): string {
  const challenge = params.code_challenge
  if (challenge === undefined) {
    throw new OAuthError('invalid_request', 'missing parameter: code_challenge (PKCE is required)', {
      cause: 'missing-code-challenge',
    })
  }
  if (!isChallenge(challenge)) {
    throw new OAuthError(
      'invalid_request',
      'code_challenge must be the 43 characters of BASE64URL(SHA256(code_verifier)), without padding',
      { cause: diagnoseChallenge(challenge) },
    )
  }
  if (params.code_challenge_method !== CHALLENGE_METHOD) {
    const given = params.code_challenge_method === undefined ? 'missing' : 'not supported'
    throw new OAuthError('invalid_request', `code_challenge_method is ${given}: it must be S256`, {
      cause: params.code_challenge_method === undefined ? 'missing-challenge-method' : 'wrong-challenge-method',
    })
  }
  return challenge
}

/**
 * The S256 challenge of the request's code_verifier, to be compared with the stored one.
 *
 * @throws OAuthError `invalid_request` where the verifier is missing or breaks the grammar of RFC 7636 §4.1. Such a
 * request says nothing about who holds the code, so the code stays as it was.
 */
export function requireVerifierChallenge(params: Params): string {
  const verifier = params.code_verifier
  if (verifier === undefined) throw missing(['code_verifier'])
  if (!isVerifier(verifier)) {
    throw new OAuthError(
      'invalid_request',
      'code_verifier must be 43 to 128 characters of A-Z, a-z, 0-9, hyphen, dot, underscore and tilde',
      { cause: diagnoseVerifier(verifier) },
    )
  }
  return challengeOf(verifier)
}

/** BASE64URL(SHA256(ASCII(verifier))), RFC 7636 §4.2. */
export function challengeOf(verifier: string): string {
  return sha256(verifier)
}

function isChallenge(text: string): boolean {
  return text.length === 43 && isBase64Url(text)
}

function isVerifier(text: string): boolean {
  return /^[A-Za-z0-9._~-]{43,128}$/.test(text)
}
