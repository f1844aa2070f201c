import { createHash } from 'node:crypto'
import { sha256 } from '../lib/digest.ts'

/**
 * The PKCE doctor: from a refused challenge or verifier it tells which of the well-known mistakes was made. What it finds
 * goes to the log and the audit event, never to the client: whoever guesses verifiers must not learn how close a guess is.
 */

/** Why a code_challenge cannot be an S256 one. */
export function diagnoseChallenge(challenge: string): string {
  // Some encoders break their lines after 76 characters.
  const joined = challenge.slice(0, 100).replace(/\s/g, '')
  if (/^[A-Za-z0-9_+/-]{86}(==)?$/.test(joined) && decodesToHexDigest(joined))
    return 'challenge-is-base64-of-hex-digest'
  if (isStandardBase64(challenge)) return 'challenge-is-standard-base64'
  const text = challenge.trim()
  if (/^[0-9a-f]{64}$/i.test(text)) return 'challenge-is-hex-digest'
  if (text.length !== challenge.length) return 'challenge-has-surrounding-whitespace'
  if (/^[A-Za-z0-9_-]{43}=$/.test(text)) return 'challenge-is-padded'
  if (/[^A-Za-z0-9_-]/.test(text)) return 'challenge-has-foreign-characters'
  if (text.length === 43) return 'challenge-is-not-canonical-base64url'
  return text.length < 43 ? 'challenge-is-too-short' : 'challenge-is-too-long'
}

/** Why a code_verifier breaks the grammar. */
export function diagnoseVerifier(verifier: string): string {
  if (/[\r\n]$/.test(verifier)) return 'verifier-has-trailing-newline'
  if (/\s/.test(verifier) && /[+/=]/.test(verifier.trim())) return 'verifier-is-standard-base64'
  if (/\s/.test(verifier)) return 'verifier-has-whitespace'
  if (verifier.endsWith('=')) return 'verifier-is-padded'
  if (/^[A-Za-z0-9+/]+$/.test(verifier) && /[+/]/.test(verifier)) return 'verifier-is-standard-base64'
  if (/[^A-Za-z0-9._~-]/.test(verifier)) return 'verifier-has-foreign-characters'
  return verifier.length < 43 ? 'verifier-is-too-short' : 'verifier-is-too-long'
}

/** Why a well-formed verifier does not lead to the stored challenge: the known wrong derivations are tried in turn. */
export function diagnoseMismatch(verifier: string, challenge: string): string {
  // Either the verifier was sent as the challenge or the challenge as the verifier: from here both look the same.
  if (verifier === challenge) return 'verifier-equals-challenge'
  const match = wrongDerivations.find((derivation) => derivation.derive(verifier) === challenge)
  return match?.cause ?? 'verifier-does-not-match'
}

const wrongDerivations: ReadonlyArray<{ cause: string; derive: (verifier: string) => string }> = [
  { cause: 'double-hash', derive: (verifier) => sha256(sha256(verifier)) },
  { cause: 'double-hash', derive: (verifier) => sha256(createHash('sha256').update(verifier).digest()) },
  { cause: 'hash-of-hex-digest', derive: (verifier) => sha256(hexDigest(verifier)) },
  { cause: 'hash-includes-newline', derive: (verifier) => sha256(`${verifier}\n`) },
  { cause: 'hash-includes-newline', derive: (verifier) => sha256(`${verifier}\r\n`) },
  { cause: 'hash-of-decoded-verifier', derive: (verifier) => sha256(Buffer.from(verifier, 'base64url')) },
  { cause: 'hash-of-padded-verifier', derive: (verifier) => sha256(padded(verifier)) },
  { cause: 'hash-of-standard-base64-verifier', derive: (verifier) => sha256(standardBase64(verifier)) },
  { cause: 'hash-of-standard-base64-verifier', derive: (verifier) => sha256(padded(standardBase64(verifier))) },
  { cause: 'hash-of-quoted-verifier', derive: (verifier) => sha256(JSON.stringify(verifier)) },
]

function hexDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A `+` that the client did not percent-encode arrives as a space. */
function isStandardBase64(text: string): boolean {
  return /^[A-Za-z0-9+/ ]{43}=?$/.test(text) && /[+/ ]/.test(text)
}

function decodesToHexDigest(text: string): boolean {
  return /^[0-9a-f]{64}$/i.test(Buffer.from(text, 'base64url').toString('latin1'))
}

function padded(text: string): string {
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

function standardBase64(text: string): string {
  return text.replaceAll('-', '+').replaceAll('_', '/')
}
