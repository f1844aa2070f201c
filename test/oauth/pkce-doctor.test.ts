import { createHash } from 'node:crypto'
import { readParams } from '../../src/oauth/params.ts'
import { requireChallenge, requireVerifierChallenge } from '../../src/oauth/pkce.ts'
import { diagnoseMismatch } from '../../src/oauth/pkce-doctor.ts'
import { refusal } from './refusal.ts'

const digest = (data: string | Buffer) => createHash('sha256').update(data).digest()
const s256 = (data: string | Buffer) => digest(data).toString('base64url')

/** A verifier whose digest in standard base64 fits the pattern, always the same one. */
function verifierWhere(pattern: RegExp): string {
  for (let count = 0; ; count++) {
    const verifier = `verifier-${count}`.padEnd(43, '~')
    if (pattern.test(digest(verifier).toString('base64'))) return verifier
  }
}

const PLAIN = verifierWhere(/^[A-Za-z0-9]+=$/)
const PLUS = verifierWhere(/^[A-Za-z0-9]+\+[A-Za-z0-9]+=$/)
const SLASH = verifierWhere(/^[A-Za-z0-9]+\/[A-Za-z0-9]+=$/)
const LEADING_PLUS = verifierWhere(/^\+[A-Za-z0-9]+=$/)
const TWO_PLUS = verifierWhere(/^\+[A-Za-z0-9]+\+[A-Za-z0-9]+=$/)
const hex = digest(PLAIN).toString('hex')

/** As the MIME encoders write it (RFC 2045 §6.8). */
function broken(base64: string, lineEnd: string): string {
  return `${base64.slice(0, 76)}${lineEnd}${base64.slice(76)}${lineEnd}`
}

describe('why a challenge is refused', () => {
  it.each([
    ['challenge-is-hex-digest', 'hexdigest()', hex],
    ['challenge-is-hex-digest', 'the hex digest in capitals', hex.toUpperCase()],
    ['challenge-is-hex-digest', 'the hex digest of a shell, with its line end', `${hex}\n`],
    ['challenge-is-base64-of-hex-digest', 'base64 of hexdigest(), padded', Buffer.from(hex).toString('base64')],
    ['challenge-is-base64-of-hex-digest', 'base64 of hexdigest(), stripped', Buffer.from(hex).toString('base64url')],
    [
      'challenge-is-base64-of-hex-digest',
      'base64 of hexdigest() in capitals',
      Buffer.from(hex.toUpperCase()).toString('base64url'),
    ],
    [
      'challenge-is-base64-of-hex-digest',
      'base64 of hexdigest() as encodebytes breaks it',
      broken(Buffer.from(hex).toString('base64'), '\n'),
    ],
    [
      'challenge-is-base64-of-hex-digest',
      'base64 of hexdigest() in the lines of a mail',
      broken(Buffer.from(hex).toString('base64'), '\r\n'),
    ],
    ['challenge-is-base64-of-hex-digest', 'with one line end', `${Buffer.from(hex).toString('base64')}\n`],
    [
      'challenge-is-too-long',
      'base64 of as much text that is no digest',
      Buffer.from('z'.repeat(64)).toString('base64url'),
    ],
    ['challenge-is-padded', 'urlsafe_b64encode without rstrip', `${s256(PLUS)}=`],
    ['challenge-is-padded', 'padded, and neither + nor / in it', digest(PLAIN).toString('base64')],
    ['challenge-is-standard-base64', 'b64encode with a plus sign', digest(PLUS).toString('base64')],
    ['challenge-is-standard-base64', 'b64encode with a slash', digest(SLASH).toString('base64')],
    ['challenge-is-standard-base64', 'b64encode, stripped', digest(SLASH).toString('base64').replace('=', '')],
    ['challenge-has-surrounding-whitespace', 'encodebytes, with its line end', `${s256(PLAIN)}\n`],
    ['challenge-has-surrounding-whitespace', 'a space before it', ` ${s256(PLAIN)}`],
    ['challenge-has-surrounding-whitespace', 'a space after it', `${s256(PLAIN)} `],
    [
      'challenge-has-surrounding-whitespace',
      'b64encode, stripped, with a line end',
      `${digest(PLAIN).toString('base64').replace('=', '')}\n`,
    ],
    ['challenge-is-not-canonical-base64url', 'letters only, though both alphabets have them', 'B'.repeat(43)],
    ['challenge-has-foreign-characters', 'the repr of bytes', `b'${s256(PLAIN)}'`],
    ['challenge-has-foreign-characters', 'quotes', `"${s256(PLAIN)}"`],
    ['challenge-is-not-canonical-base64url', '43 characters that no digest has', '_B'.repeat(22).slice(0, 43)],
    ['challenge-is-too-short', 'half of it', s256(PLAIN).slice(0, 20)],
    ['challenge-is-too-long', 'a SHA-512', createHash('sha512').update(PLAIN).digest('base64url')],
  ])('%s: %s', (cause, _, code_challenge) => {
    const params = readParams(new URLSearchParams({ code_challenge, code_challenge_method: 'S256' }).toString())
    expect(refusal(() => requireChallenge(params))).toMatchObject({ code: 'invalid_request', cause })
  })

  it.each([
    ['inside', PLUS],
    ['in front', LEADING_PLUS],
    ['in front and inside', TWO_PLUS],
  ])('challenge-is-standard-base64: a plus sign %s that was not percent-encoded and arrives as a space', (_, text) => {
    const padded = digest(text).toString('base64')
    for (const challenge of [padded, padded.replace('=', '')]) {
      const params = readParams(`code_challenge=${challenge}&code_challenge_method=S256`)
      expect(params.code_challenge).toContain(' ')
      expect(refusal(() => requireChallenge(params)).cause).toBe('challenge-is-standard-base64')
    }
  })

  it('missing-challenge-method: a challenge that is right, and no method', () => {
    expect(refusal(() => requireChallenge(readParams(`code_challenge=${s256(PLAIN)}`))).cause).toBe(
      'missing-challenge-method',
    )
  })
})

describe('why a verifier is refused', () => {
  const random = 'q83vEjRWeJASNFZ4kBI0VniQEjRWeJASNFZ4kBI0Vng'

  it.each([
    ['verifier-has-trailing-newline', 'a line end', `${random}\n`],
    ['verifier-has-trailing-newline', 'a line end of Windows', `${random}\r\n`],
    ['verifier-has-whitespace', 'a space inside', `${random} ${random}`],
    ['verifier-is-padded', 'base64url with padding', `${random}=`],
    ['verifier-is-padded', 'base64 with more padding than there is', `${random}===`],
    ['verifier-has-foreign-characters', 'padding inside', `${random}=${random}`],
    ['verifier-is-standard-base64', 'a plus sign', `${random}+`],
    ['verifier-is-standard-base64', 'a slash', `${random}/`],
    ['verifier-is-standard-base64', 'a plus sign that became a space, and a slash', `${random} /`],
    ['verifier-has-foreign-characters', 'an exclamation mark', `${random}!`],
    ['verifier-has-foreign-characters', 'a letter outside ASCII', `${random}é`],
    ['verifier-is-too-short', '42 characters', random.slice(1)],
    ['verifier-is-too-long', '129 characters', random.repeat(3).slice(0, 129)],
  ])('%s: %s', (cause, _, code_verifier) => {
    const params = readParams(new URLSearchParams({ code_verifier }).toString())
    expect(refusal(() => requireVerifierChallenge(params))).toMatchObject({ code: 'invalid_request', cause })
  })
})

describe('why a verifier does not lead to the stored challenge', () => {
  const verifier = 'q83v-jRWeJ_SNFZ4kBI0VniQEjRWeJASNFZ4kBI0Vng'
  const standard = verifier.replaceAll('-', '+').replaceAll('_', '/')

  it.each([
    ['verifier-equals-challenge', 'the verifier was sent as challenge, or the other way round', verifier],
    ['double-hash', 'the challenge was hashed once more', s256(s256(verifier))],
    ['double-hash', 'the digest was hashed once more, before its encoding', s256(digest(verifier))],
    ['hash-of-hex-digest', 'the hex digest was hashed', s256(digest(verifier).toString('hex'))],
    ['hash-includes-newline', 'echo without -n', s256(`${verifier}\n`)],
    ['hash-includes-newline', 'a line end of Windows', s256(`${verifier}\r\n`)],
    [
      'hash-of-decoded-verifier',
      'the random bytes were hashed, not their text',
      s256(Buffer.from(verifier, 'base64url')),
    ],
    ['hash-of-padded-verifier', 'the padding was cut after hashing', s256(`${verifier}=`)],
    ['hash-of-standard-base64-verifier', 'the alphabet was changed after hashing', s256(standard)],
    ['hash-of-standard-base64-verifier', 'padding and alphabet were changed after hashing', s256(`${standard}=`)],
    ['hash-of-quoted-verifier', 'the verifier was hashed as JSON', s256(`"${verifier}"`)],
    ['verifier-does-not-match', 'it belongs to another flow', s256('another verifier')],
    ['verifier-does-not-match', 'it is the right one, so no mistake explains anything', s256(verifier)],
  ])('%s: %s', (cause, _, challenge) => {
    expect(diagnoseMismatch(verifier, challenge)).toBe(cause)
  })
})

it('takes no longer over text that was made to keep it busy', () => {
  const run = '='.repeat(65_000)
  const params = (value: string) => ({ code_challenge: value, code_verifier: value })
  // Of the processor, which a busy machine gives late, but not less of.
  const began = process.cpuUsage()
  expect(refusal(() => requireVerifierChallenge(params(run))).cause).toBe('verifier-is-padded')
  expect(refusal(() => requireVerifierChallenge(params(`${run}x`))).cause).toBe('verifier-has-foreign-characters')
  for (const text of [run, `${run}x`, ` ${run}`, `${' '.repeat(65_000)}x`, 'A'.repeat(65_000)]) {
    expect(() => requireChallenge(params(text))).toThrow()
    expect(() => requireVerifierChallenge(params(text))).toThrow()
  }
  // Whatever needs time by the square of the length needs seconds here.
  expect(process.cpuUsage(began).user).toBeLessThan(1_000_000)
})

it('tells the client the same words whatever the mistake was', () => {
  const challenges = [hex, Buffer.from(hex).toString('base64'), `${s256(PLAIN)}=`, `${s256(PLAIN)}\n`, 'short', PLAIN]
  const errors = challenges.map((code_challenge) =>
    refusal(() => requireChallenge(readParams(new URLSearchParams({ code_challenge }).toString()))),
  )
  expect(new Set(errors.map((error) => error.description)).size).toBe(1)
  expect(new Set(errors.map((error) => error.cause)).size).toBe(errors.length)
})
