import { readAssertion } from '../../src/client-auth/assertion.ts'
import { readClaims } from '../../src/client-auth/assertion-claims.ts'
import { assertionClaims, compact } from '../helpers/client-key.ts'

const header = { alg: 'ES256', kid: 'one', typ: 'JWT' }
const base64url = (text: string) => Buffer.from(text).toString('base64url')

describe('the form of an assertion (RFC 7515 §3.1)', () => {
  it('gives what its keys are found by, and nothing more', () => {
    const jws = compact(header, { sub: 'partner', iss: 'someone else' })
    expect(readAssertion(jws)).toEqual({ jws, alg: 'ES256', kid: 'one', claimedClientId: 'partner' })
  })

  it.each([undefined, 'JWT', 'jwt', 'client-authentication+jwt'])('may have the typ %s', (typ) => {
    expect(readAssertion(compact({ ...header, typ }, { sub: 'partner' }))).toHaveProperty('alg', 'ES256')
  })

  it.each([
    ['no JWT', 'abc'],
    ['two parts', `${base64url('{"alg":"none"}')}.${base64url('{"sub":"partner"}')}`],
    ['no signature', compact(header, { sub: 'partner' }, '')],
    ['five parts', 'a.b.c.d.e'],
    ['padding', compact(header, { sub: 'partner' }, 'c2lnbg==')],
    ['a second spelling of the same bytes', compact(header, { sub: 'partner' }, 'c2lnbh')],
    ['standard base64', compact(header, { sub: 'partner' }, 'a+/a')],
    ['blanks', ` ${compact(header, { sub: 'partner' })}`],
    ['a header that is not JSON', `${base64url('{')}.${base64url('{"sub":"partner"}')}.c2ln`],
    ['a header that is a list', `${base64url('[]')}.${base64url('{"sub":"partner"}')}.c2ln`],
    ['claims that are text', `${base64url('{"alg":"ES256"}')}.${base64url('"partner"')}.c2ln`],
    ['a header that is not UTF-8', `${Buffer.from([0xff]).toString('base64url')}.${base64url('{}')}.c2ln`],
  ])('is refused with %s', (_what, jws) => {
    expect(readAssertion(jws)).toEqual({ cause: 'malformed-assertion' })
  })

  it.each([
    [{ jwk: {} }, 'assertion-with-jwk'],
    [{ jku: 'https://evil.example' }, 'assertion-with-jku'],
    [{ x5u: 'https://evil.example' }, 'assertion-with-x5u'],
    [{ x5c: [] }, 'assertion-with-x5c'],
    [{ crit: ['b64'], b64: false }, 'assertion-with-crit'],
    [{ crit: null }, 'assertion-with-crit'],
    [{ alg: undefined }, 'assertion-without-alg'],
    [{ alg: ['ES256'] }, 'assertion-without-alg'],
    [{ kid: 1 }, 'malformed-kid'],
    [{ kid: 'x'.repeat(257) }, 'malformed-kid'],
    [{ typ: 'at+jwt' }, 'wrong-typ'],
    [{ typ: 'dpop+jwt' }, 'wrong-typ'],
    [{ typ: null }, 'wrong-typ'],
  ])('is refused with the header %j', (changes, cause) => {
    expect(readAssertion(compact({ ...header, ...changes }, { sub: 'partner' }))).toEqual({ cause })
  })

  it('is not even looked at beyond 8 KB', () => {
    expect(readAssertion(compact(header, { sub: 'partner', more: 'x'.repeat(8192) }))).toEqual({
      cause: 'assertion-too-large',
    })
  })
})

describe('the claims of an assertion (RFC 7523 §3)', () => {
  const now = 1_800_000_000
  const expected = { clientId: 'partner', issuer: 'http://localhost:3000', now: now * 1000 }
  const judge = (claims: Record<string, unknown>) =>
    readClaims(assertionClaims('partner', { now, claims: { jti: 'one', ...claims } }), expected)

  it('are remembered for as long as any process would accept them', () => {
    expect(judge({})).toEqual({ jti: 'one', acceptedUntil: (now + 60 + 60) * 1000 })
  })

  it.each([
    ['exp a moment before the end of the skew', { exp: now - 29 }],
    ['exp as far away as is allowed', { exp: now + 330 }],
    ['nbf of a clock ahead of ours', { nbf: now + 30 }],
    ['iat of a clock ahead of ours', { iat: now + 30 }],
    ['no iat', { iat: undefined }],
    ['times with fractions', { exp: now + 59.5, iat: now - 0.5 }],
    ['a jti of 256 characters', { jti: 'x'.repeat(256) }],
    ['claims of its own', { client_id: 'other', azp: 'other' }],
  ])('may have %s', (_what, claims) => expect(judge(claims)).toHaveProperty('jti'))

  it.each([
    ['iss of another', { iss: 'other' }, 'wrong-iss'],
    ['iss of another case', { iss: 'Partner' }, 'wrong-iss'],
    ['no iss', { iss: undefined }, 'wrong-iss'],
    ['sub of another', { sub: 'other' }, 'wrong-sub'],
    ['no aud', { aud: undefined }, 'wrong-aud'],
    ['a foreign aud', { aud: 'https://other.example' }, 'wrong-aud'],
    ['aud with a slash more', { aud: 'http://localhost:3000/' }, 'wrong-aud'],
    ['aud as a list of one', { aud: ['http://localhost:3000'] }, 'wrong-aud'],
    ['aud as a list with another', { aud: ['http://localhost:3000', 'https://other.example'] }, 'wrong-aud'],
    ['the token endpoint as aud', { aud: 'http://localhost:3000/oauth/token' }, 'wrong-aud'],
    ['no jti', { jti: undefined }, 'no-jti'],
    ['an empty jti', { jti: '' }, 'no-jti'],
    ['a jti that is a number', { jti: 7 }, 'no-jti'],
    ['a jti of 257 characters', { jti: 'x'.repeat(257) }, 'no-jti'],
    ['no exp', { exp: undefined }, 'no-exp'],
    ['exp as text', { exp: `${now + 60}` }, 'no-exp'],
    ['exp in the past', { exp: now - 30 }, 'assertion-expired'],
    ['exp of nothing', { exp: 0 }, 'assertion-expired'],
    ['exp a moment too far away', { exp: now + 331 }, 'exp-too-far-away'],
    ['exp a year ahead', { exp: now + 31_536_000 }, 'exp-too-far-away'],
    ['exp in milliseconds', { exp: now * 1000 }, 'exp-too-far-away'],
    ['nbf to come', { nbf: now + 31 }, 'assertion-not-yet-valid'],
    ['nbf as text', { nbf: 'now' }, 'malformed-nbf'],
    ['iat to come', { iat: now + 31 }, 'assertion-from-the-future'],
    ['iat as text', { iat: 'now' }, 'malformed-iat'],
    ['iat of null', { iat: null }, 'malformed-iat'],
  ])('are refused with %s', (_what, claims, cause) => expect(judge(claims)).toEqual({ cause }))
})
