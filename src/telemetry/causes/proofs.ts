import type { Causes } from './cause.ts'

/** What can be wrong with a proof of a key (RFC 9449). */
export const proofCauses = {
  'no-proof': {
    title: 'the proof is missing',
    explanation: 'The code, token or client is bound to a key, and the request came without a proof of it.',
    rule: 'RFC 9449 §4.3, §5, §7.1',
    remedy: 'Send a DPoP header with every request of that client or token.',
    fault: 'partner',
  },
  'wrong-dpop-key': {
    title: 'another key',
    explanation:
      'The proof is of another key than the one that the code or token is bound to: the client lost its key, or someone else has what it held.',
    rule: 'RFC 9449 §5, §6, §10',
    remedy: 'Keep one key for as long as its tokens live; authorize again where it is lost.',
    fault: 'partner',
  },
  'two-proofs': {
    title: 'two proofs',
    explanation: 'The request has more than one DPoP header.',
    rule: 'RFC 9449 §4.3',
    remedy: 'Send one DPoP header.',
    fault: 'partner',
  },
  'proof-too-large': {
    title: 'the proof is too large',
    explanation: 'The proof is longer than this server looks at.',
    rule: 'RFC 9449 §4.3',
    remedy: 'Send the claims of the specification only.',
    fault: 'partner',
  },
  'malformed-proof': {
    title: 'the proof is no JWT',
    explanation: 'The DPoP header is not three parts of base64url with JSON in them.',
    rule: 'RFC 9449 §4.3',
    remedy: 'Make the proof by a DPoP library and send it whole.',
    fault: 'partner',
  },
  'proof-with-*': {
    title: 'the proof points to a key',
    explanation:
      'The header has a member, named after proof-with-, that would point to a key, or demands an extension.',
    rule: 'RFC 9449 §4.3',
    remedy: 'Leave that member out; the key comes as jwk.',
    fault: 'partner',
  },
  'private-jwk': {
    title: 'the proof shows its private key',
    explanation: 'The jwk of the header holds the private key. It is known to every server on the way now.',
    rule: 'RFC 9449 §4.3',
    remedy: 'Throw the key away and make a new one; put only its public part into jwk.',
    fault: 'partner',
  },
  'malformed-jwk': {
    title: 'the key of the proof is unusable',
    explanation: 'The jwk of the header is not a public key that this server can use.',
    rule: 'RFC 9449 §4.3',
    remedy: 'Send the public JWK of an ES256, EdDSA, RS256 or PS256 key.',
    fault: 'partner',
  },
  'wrong-htm': {
    title: 'htm is another method',
    explanation: 'The proof was made for another HTTP method.',
    rule: 'RFC 9449 §4.3',
    remedy: 'Make the proof for the method of the request.',
    fault: 'partner',
  },
  'wrong-htu': {
    title: 'htu is another address',
    explanation: 'The proof was made for another address than the one that was called.',
    rule: 'RFC 9449 §4.3',
    remedy:
      'Set htu to the address as the metadata document has it, without query. Behind a proxy the operator compares ISSUER.',
    fault: 'partner',
  },
  'wrong-ath': {
    title: 'ath is of another token',
    explanation: 'The proof was made for another access token.',
    rule: 'RFC 9449 §4.3',
    remedy: 'Set ath to the hash of the token that is sent.',
    fault: 'partner',
  },
  'no-iat': {
    title: 'iat is missing',
    explanation: 'The proof does not say when it was made.',
    rule: 'RFC 9449 §4.3',
    remedy: 'Set iat to the current time in seconds.',
    fault: 'partner',
  },
  'stale-proof': {
    title: 'the proof is too old',
    explanation: 'The proof was made too long ago, by the clock of this server.',
    rule: 'RFC 9449 §4.3',
    remedy: 'Make a proof for each request, and set the clock by NTP.',
    fault: 'partner',
  },
  'proof-from-the-future': {
    title: 'the proof is from the future',
    explanation: 'The iat lies ahead, by the clock of this server.',
    rule: 'RFC 9449 §4.3',
    remedy: 'Set the clock by NTP.',
    fault: 'partner',
  },
  'proof-replayed': {
    title: 'the proof came twice',
    explanation: 'The same jti was used before: the client repeats itself, or someone saw the proof.',
    rule: 'RFC 9449 §11.1',
    remedy: 'Make a new proof with a new jti for every request, retries included.',
    fault: 'partner',
  },
  'malformed-nonce': {
    title: 'the nonce is no text',
    explanation: 'The nonce of the proof is not a text.',
    rule: 'RFC 9449 §8',
    remedy: 'Put the newest DPoP-Nonce header into the proof as it came.',
    fault: 'partner',
  },
  'proof-without-nonce': {
    title: 'the proof needs a nonce',
    explanation: 'This server gives a nonce to put into the proof, and this was the first request without it.',
    rule: 'RFC 9449 §8',
    remedy:
      'Nothing is wrong if it happens once: the client repeats the request with the nonce of the DPoP-Nonce header.',
    fault: 'nobody',
  },
  'stale-nonce': {
    title: 'the nonce is too old',
    explanation: 'The nonce of the proof is no longer taken, or of another server.',
    rule: 'RFC 9449 §8',
    remedy: 'Nothing is wrong if it happens now and then: the client repeats the request with the newest DPoP-Nonce.',
    fault: 'nobody',
  },
  'malformed-dpop-jkt': {
    title: 'dpop_jkt is malformed',
    explanation: 'The dpop_jkt is not the thumbprint of a key.',
    rule: 'RFC 9449 §10',
    remedy: 'Send the base64url SHA-256 thumbprint (RFC 7638) of the key, 43 characters.',
    fault: 'partner',
  },
  'dpop-jkt-differs': {
    title: 'dpop_jkt is of another key',
    explanation: 'The pushed request has a dpop_jkt and a proof, of two different keys.',
    rule: 'RFC 9449 §10.1',
    remedy: 'Use one key for both, or leave dpop_jkt out.',
    fault: 'partner',
  },
} as const satisfies Causes
