import { claimsOf, OPENID_SCOPES, supportedClaims } from '../../src/oauth/openid-claims.ts'

const alice = {
  name: 'Alice Liddell',
  given_name: 'Alice',
  'given_name#ja': 'アリス',
  nickname: '',
  picture: null,
  email: 'alice@example.com',
  email_verified: false,
  address: { locality: 'Oxford' },
  phone_number: '+44 1865 000000',
  updated_at: 0,
  roles: ['reader'],
}

describe('the claims of a person', () => {
  it.each([
    ['openid', {}],
    ['profile', { name: 'Alice Liddell', given_name: 'Alice', updated_at: 0 }],
    ['email', { email: 'alice@example.com', email_verified: false }],
    ['address', { address: { locality: 'Oxford' } }],
    ['phone', { phone_number: '+44 1865 000000' }],
    ['read', {}],
    ['constructor', {}],
  ])('for the scope %s (Core §5.4)', (scope, claims) => {
    expect(claimsOf(alice, ['openid', scope], [])).toEqual(claims)
  })

  it('are nothing where no scope asks for them', () => {
    expect(claimsOf(alice, [], [])).toEqual({})
  })

  it('are also those that are asked for one by one, and no others (Core §5.5)', () => {
    expect(claimsOf(alice, ['openid'], ['given_name', 'roles', 'given_name#ja', 'family_name'])).toEqual({
      given_name: 'Alice',
      roles: ['reader'],
      'given_name#ja': 'アリス',
    })
  })

  it('leave out what is not known, whatever way that is written (Core §5.3.2)', () => {
    expect(claimsOf(alice, ['openid'], ['nickname', 'picture', 'gender'])).toEqual({})
  })

  it('are never what objects inherit', () => {
    expect(claimsOf(alice, ['openid', '__proto__'], ['constructor', 'toString', '__proto__'])).toEqual({})
  })

  it('never speak for the server: an account that carries a claim of tokens forges nothing with it', () => {
    const forged = { sub: 'admin', iss: 'https://evil.example', aud: 'other', exp: 4e9, nonce: 'x', acr: '9', sid: 's' }
    expect(claimsOf({ ...alice, ...forged }, ['openid'], Object.keys(forged))).toEqual({})
  })
})

it('every claim of discovery is one that a scope gives', () => {
  const everything = Object.fromEntries(supportedClaims.map((name) => [name, 'x']))
  expect(Object.keys(claimsOf(everything, OPENID_SCOPES, []))).toEqual(supportedClaims)
  expect(supportedClaims).toHaveLength(19)
})
