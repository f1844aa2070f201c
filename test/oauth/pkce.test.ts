import { readParams } from '../../src/oauth/params.ts'
import { CHALLENGE_METHOD, challengeOf, requireChallenge, requireVerifierChallenge } from '../../src/oauth/pkce.ts'
import { pkcePair } from '../helpers/pkce.ts'
import { refusal } from './refusal.ts'

// RFC 7636 Appendix B.
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

const UNRESERVED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'

function authorize(params: Record<string, string>) {
  return readParams(new URLSearchParams(params).toString())
}

const redeem = (code_verifier: string) => authorize({ code_verifier })

it('derives the challenge of the example in RFC 7636 Appendix B', () => {
  expect(challengeOf(VERIFIER)).toBe(CHALLENGE)
  expect(requireVerifierChallenge(redeem(VERIFIER))).toBe(CHALLENGE)
})

describe('requireChallenge', () => {
  const method = { code_challenge_method: 'S256' }

  it('gives the challenge as it came', () => {
    expect(CHALLENGE_METHOD).toBe('S256')
    expect(requireChallenge(authorize({ code_challenge: CHALLENGE, ...method }))).toBe(CHALLENGE)
  })

  it('refuses a request without a challenge, with or without a method (RFC 7636 §4.4.1)', () => {
    for (const text of [
      '',
      'code_challenge=',
      'code_challenge_method=S256',
      'code_challenge=&code_challenge_method=S256',
    ]) {
      expect(refusal(() => requireChallenge(readParams(text)))).toMatchObject({
        code: 'invalid_request',
        cause: 'missing-code-challenge',
        description: 'missing parameter: code_challenge (PKCE is required)',
      })
    }
  })

  it.each(['', 'code_challenge_method='])('refuses an absent method, which would mean plain: %j (§4.3)', (text) => {
    expect(refusal(() => requireChallenge(readParams(`code_challenge=${CHALLENGE}&${text}`)))).toMatchObject({
      code: 'invalid_request',
      cause: 'missing-challenge-method',
      description: 'code_challenge_method is missing: it must be S256',
    })
  })

  it.each(['plain', 's256', 'S256 ', ' S256', 'S512', 'SHA256', 'S256,plain', 'none', 'true'])(
    'refuses the method %j: there is one only, in this very spelling (§4.2)',
    (code_challenge_method) => {
      expect(
        refusal(() => requireChallenge(authorize({ code_challenge: CHALLENGE, code_challenge_method }))),
      ).toMatchObject({
        code: 'invalid_request',
        cause: 'wrong-challenge-method',
        description: 'code_challenge_method is not supported: it must be S256',
      })
    },
  )

  it.each([
    ['one character short', CHALLENGE.slice(0, -1)],
    ['one character long', `${CHALLENGE}A`],
    ['padded', `${CHALLENGE}=`],
    ['standard base64', CHALLENGE.replace('-', '+')],
    ['with a dot, which verifiers may have', `.${CHALLENGE.slice(1)}`],
    ['with a line end', `${CHALLENGE}\n`],
    ['with spare bits that are not zero', `${CHALLENGE.slice(0, -1)}N`],
    ['a letter outside ASCII', `é${CHALLENGE.slice(1)}`],
  ])('refuses a challenge that is not the S256 of anything: %s', (_, code_challenge) => {
    expect(refusal(() => requireChallenge(authorize({ code_challenge, ...method })))).toMatchObject({
      code: 'invalid_request',
      description: expect.stringContaining('43 characters'),
    })
  })

  it('takes the challenges of a thousand random verifiers', () => {
    for (let count = 0; count < 1000; count++) {
      const { challenge } = pkcePair()
      expect(requireChallenge(authorize({ code_challenge: challenge, ...method }))).toBe(challenge)
    }
  })
})

describe('requireVerifierChallenge', () => {
  it.each([
    ['43 characters', 'a'.repeat(43)],
    ['128 characters', 'a'.repeat(128)],
    ['every unreserved character', UNRESERVED],
  ])('takes a verifier of %s (RFC 7636 §4.1)', (_, verifier) => {
    expect(requireVerifierChallenge(redeem(verifier))).toBe(pkcePair(verifier).challenge)
  })

  it.each([
    ['42 characters', 'a'.repeat(42)],
    ['129 characters', 'a'.repeat(129)],
    ['a line end', `${'a'.repeat(43)}\n`],
    ['padding', `${'a'.repeat(43)}=`],
    ['a plus sign', `${'a'.repeat(43)}+`],
    ['a slash', `${'a'.repeat(43)}/`],
    ['a space', `${'a'.repeat(43)} a`],
    ['a percent sign', `${'a'.repeat(43)}%20`],
    ['a letter outside ASCII', `${'a'.repeat(43)}é`],
  ])('refuses a verifier with %s as a malformed request, which spends no code', (_, verifier) => {
    expect(refusal(() => requireVerifierChallenge(redeem(verifier)))).toMatchObject({
      code: 'invalid_request',
      status: 400,
      description: expect.stringContaining('43 to 128 characters'),
    })
  })

  it.each(['', 'code_verifier=', 'code_verifier'])('refuses a redemption without a verifier: %j', (text) => {
    expect(refusal(() => requireVerifierChallenge(readParams(text)))).toMatchObject({
      code: 'invalid_request',
      description: 'missing parameter: code_verifier',
    })
  })

  it('never repeats the verifier', () => {
    const { message, detail } = refusal(() => requireVerifierChallenge(redeem('hunter2')))
    expect(message + JSON.stringify(detail)).not.toContain('hunter2')
  })
})
