import { Problems } from '../../src/config/problem.ts'
import { readSigningKeys } from '../../src/config/signing-keys.ts'
import type { PrivateJwk } from '../../src/keys/make-key.ts'
import { asRead, key, privateJwks } from '../helpers/signing-keys.ts'

let one: PrivateJwk
let two: PrivateJwk
let three: PrivateJwk
beforeAll(async () => {
  one = await key('one', undefined)
  two = await key('two', undefined)
  three = await key('three', undefined)
})

const statuses = (...keys: object[]) => asRead(...keys).map(({ kid, status }) => `${kid} ${status}`)

describe('the status of the keys in SIGNING_KEYS', () => {
  it('means "the first signs, all verify" where no key has a status', () => {
    expect(statuses(one, two, three)).toEqual(['one active', 'two retired', 'three retired'])
  })

  it('takes the marked key for the active one, wherever it stands', () => {
    expect(statuses(one, { ...two, status: 'pending' }, { ...three, status: 'active' })).toEqual([
      'one retired',
      'two pending',
      'three active',
    ])
  })

  it('takes the first key without a status for the active one where none is marked', () => {
    expect(statuses({ ...one, status: 'pending' }, two)).toEqual(['one pending', 'two active'])
  })

  it('gives each algorithm a life of its own', async () => {
    const rsa = await key('rsa', undefined, { alg: 'RS256' })
    const pss = await key('pss', 'pending', { alg: 'PS256' })
    expect(statuses(one, rsa, { ...two, status: 'active' }, pss)).toEqual([
      'one retired',
      'rsa active',
      'two active',
      'pss pending',
    ])
    expect(statuses({ ...one, status: 'active' }, { ...rsa, status: 'retired' })).toEqual(['one active', 'rsa retired'])
  })

  it('takes a retired key whose private half is already destroyed', () => {
    const { d, ...publicHalf } = one
    expect(statuses({ ...publicHalf, status: 'retired', retired_at: 1_700_000_000 }, two)).toEqual([
      'one retired',
      'two active',
    ])
  })

  const problems = (text: string): readonly string[] => {
    try {
      readSigningKeys(text)
    } catch (error) {
      if (error instanceof Problems) return error.lines
      throw error
    }
    throw new Error('nothing was wrong')
  }

  it('refuses two active keys of one algorithm by their positions', () => {
    const jwks = privateJwks({ ...one, status: 'active' }, two, { ...three, status: 'active' })
    expect(problems(jwks)).toEqual([
      'has 2 active keys for ES256, keys[0] and keys[2]; one signs, so mark the others pending or retired',
    ])
  })

  it('refuses keys of which none signs', () => {
    expect(problems(privateJwks({ ...one, status: 'retired' }, { ...two, status: 'retired' }))).toEqual([
      'has no key that signs: all are retired; give one of them "status":"active"',
    ])
    expect(problems(privateJwks({ ...one, status: 'retired' }, { ...two, status: 'pending' }))).toEqual([
      'has no key that signs: all are pending or retired; give one of them "status":"active"',
    ])
  })

  it('refuses an unknown status, and tells every key that has a problem at once', () => {
    const { d, ...publicHalf } = three
    expect(problems(privateJwks({ ...one, status: 'Active' }, two, { ...publicHalf, status: 'pending' }))).toEqual([
      'keys[0] has the status "Active"; it must be one of pending, active, retired',
      'keys[2] is a public key; the private one (with d) is needed',
    ])
  })

  it.each([
    [{ retired_at: 1 }, 'keys[0] has retired_at, which goes with the status retired only'],
    [{ status: 'retired', retired_at: 1.5 }, 'keys[0] must have whole seconds in retired_at'],
    [{ status: 'retired', retired_at: '1700000000' }, 'keys[0] must have whole seconds in retired_at'],
    [{ status: 'retired', retired_at: Date.now() }, 'keys[0] has milliseconds in retired_at; it must be seconds'],
    [{ use: 'enc' }, 'keys[0] must have the use sig, or none'],
  ])('refuses %j and says what would be right', (change, line) => {
    expect(problems(privateJwks({ ...one, ...change }, two))).toEqual([line])
  })

  it('refuses a private half that belongs to another key: every token would fail', () => {
    expect(problems(privateJwks({ ...one, d: two.d }))).toEqual([
      'keys[0] has a private half that does not belong to its public half',
    ])
  })

  it('never repeats a secret', () => {
    const { d } = one
    for (const text of [privateJwks({ ...one, kid: undefined }), privateJwks(one).slice(0, -5), `"${d}"`, `${d}`]) {
      expect(problems(text).join()).not.toContain((d as string).slice(0, 8))
    }
  })
})
