import { salt, secrets, text } from '../parsers.ts'
import { variable } from './variable.ts'

/** What it signs and proves with. */
export const keyVariables = {
  SECRET_KEYS: variable({
    section: 'Keys',
    parse: secrets,
    fallback: undefined,
    example: 'newest-secret,older-secret',
    secret: true,
    doc: 'Secrets of at least 32 characters, parted by commas, that codes, refresh tokens, sessions and forms are proven with. The first makes, all verify. Made up at each start outside production.',
  }),
  PAIRWISE_SALT: variable({
    section: 'Keys',
    parse: salt,
    fallback: undefined,
    example: 'one-secret-that-never-changes',
    secret: true,
    doc: 'Secret of at least 32 characters that the subjects of clients with subject_type pairwise are made with. It must never change: every user would be somebody else to those clients. Needed in production where there is such a client.',
  }),
  SIGNING_KEYS: variable({
    section: 'Keys',
    parse: text,
    fallback: undefined,
    example:
      '{"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","kid":"2026-01","status":"active","x":"...","y":"...","d":"..."}]}',
    secret: true,
    doc: 'Private JWKS that tokens are signed with: ES256, EdDSA, RS256 or PS256; latchkey keys generate makes one. All keys are published; of each algorithm the one with the status active signs, or the first where none has a status. The first active key signs access tokens, and the ID tokens of clients that are registered for no other. latchkey keys rotate makes the next JWKS. Read again on SIGHUP. Made up at each start outside production, one for ES256 and one for RS256.',
  }),
}
