import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { activeAlgorithms, readSigningKeys } from '../../src/config/signing-keys.ts'
import { linesOf, signingJwk } from './load.ts'

type Jwk = Record<string, unknown>

function jwk(pair: { privateKey: KeyObject }, alg: string): Jwk {
  return { ...pair.privateKey.export({ format: 'jwk' }), alg, kid: alg }
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const keys: Record<string, Jwk> = {
  ES256: jwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'ES256'),
  EdDSA: jwk(generateKeyPairSync('ed25519'), 'EdDSA'),
  RS256: jwk(rsa, 'RS256'),
  PS256: jwk(rsa, 'PS256'),
}

const read = (...list: unknown[]) => readSigningKeys(JSON.stringify({ keys: list }))
const complaints = (...list: unknown[]) => linesOf(() => read(...list))

it.each(Object.keys(keys))('takes a key for %s (RFC 7518 §3.1, RFC 8037 §3.1)', (alg) => {
  expect(read(keys[alg])).toEqual([{ kid: alg, alg, status: 'active', retiredAt: undefined, jwk: keys[alg] }])
})

it('keeps the order: of a plain JWKS the first key of each algorithm signs, and the first of all by default', () => {
  const read4 = read(keys.EdDSA, keys.ES256, signingJwk('older'), keys.RS256)
  expect(read4.map(({ kid, status }) => [kid, status])).toEqual([
    ['EdDSA', 'active'],
    ['ES256', 'active'],
    ['older', 'retired'],
    ['RS256', 'active'],
  ])
  expect(activeAlgorithms(read4)).toEqual(['EdDSA', 'ES256', 'RS256'])
})

it('keeps the status and the time of retirement', () => {
  const life = [
    { ...keys.EdDSA, status: 'retired', retired_at: 1_700_000_000 },
    { ...keys.RS256, status: 'pending' },
    { ...keys.ES256, status: 'active' },
  ]
  expect(read(...life).map(({ kid, status, retiredAt }) => [kid, status, retiredAt])).toEqual([
    ['EdDSA', 'retired', 1_700_000_000],
    ['RS256', 'pending', undefined],
    ['ES256', 'active', undefined],
  ])
})

it('needs the private half of the keys that sign or will, and not of those that are retired', () => {
  const publicHalf = (status: string) => ({ ...keys.EdDSA, d: undefined, status })
  expect(read(keys.ES256, publicHalf('retired')).map((key) => key.status)).toEqual(['active', 'retired'])
  for (const status of ['pending', 'active']) {
    expect(complaints({ ...keys.ES256, status: 'retired' }, publicHalf(status))).toEqual([
      'keys[1] is a public key; the private one (with d) is needed',
    ])
  }
})

describe('refuses, naming the place of the key', () => {
  const es256 = keys.ES256 as Jwk
  const publicOf = (key: Jwk) => ({ ...createPublicKey({ key, format: 'jwk' }).export({ format: 'jwk' }) })
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })

  it.each<[string, unknown, string]>([
    [
      'a public key',
      { ...publicOf(es256), kid: 'x', alg: 'ES256' },
      'is a public key; the private one (with d) is needed',
    ],
    [
      'a public RSA key',
      { ...publicOf(keys.RS256 as Jwk), kid: 'x', alg: 'RS256' },
      'is a public key; the private one (with d) is needed',
    ],
    ['another curve', jwk(p384, 'ES256'), 'does not fit its alg ES256: kty must be EC and crv P-256'],
    [
      'a curve for key agreement',
      jwk(generateKeyPairSync('x25519'), 'EdDSA'),
      'does not fit its alg EdDSA: kty must be OKP and crv Ed25519',
    ],
    [
      'an RSA key for ES256',
      { ...keys.RS256, alg: 'ES256' },
      'does not fit its alg ES256: kty must be EC and crv P-256',
    ],
    ['an EC key for RS256', { ...es256, alg: 'RS256' }, 'does not fit its alg RS256: kty must be RSA'],
    ['a curve that the point is not on', { ...jwk(p384, 'ES256'), crv: 'P-256' }, 'is not a valid key'],
    ['RSA of 1024 bits', jwk(short, 'RS256'), 'must have at least 2048 bits (RFC 7518 §3.3)'],
    ['no kid', { ...es256, kid: undefined }, 'needs a kid'],
    ['an empty kid', { ...es256, kid: '' }, 'needs a kid'],
    ['a kid that is no text', { ...es256, kid: 5 }, 'needs a kid'],
    ['no alg', { ...es256, alg: undefined }, 'needs an alg: one of ES256, EdDSA, RS256, PS256'],
    ['alg none', { ...es256, alg: 'none' }, 'needs an alg: one of ES256, EdDSA, RS256, PS256'],
    ['alg HS256', { kty: 'oct', k: 'x', kid: 'x', alg: 'HS256' }, 'needs an alg: one of ES256, EdDSA, RS256, PS256'],
    ['an alg that objects inherit', { ...es256, alg: 'toString' }, 'needs an alg: one of ES256, EdDSA, RS256, PS256'],
    ['a list of algs', { ...es256, alg: ['ES256'] }, 'needs an alg: one of ES256, EdDSA, RS256, PS256'],
    ['garbage as coordinates', { ...es256, x: 'garbage', y: 'garbage' }, 'is not a valid key'],
    ['no coordinates', { ...es256, x: undefined }, 'is not a valid key'],
    ['an RSA key without its primes', { ...keys.RS256, p: undefined, q: undefined }, 'is not a valid key'],
    ['a d that is no text', { ...es256, d: 5 }, 'is a public key; the private one (with d) is needed'],
    [
      'a status that there is not',
      { ...es256, status: 'Active' },
      'has the status "Active"; it must be one of pending, active, retired',
    ],
    [
      'null for a status',
      { ...es256, status: null },
      'has the status null; it must be one of pending, active, retired',
    ],
    [
      'retired_at of a key that is not retired',
      { ...es256, status: 'pending', retired_at: 1 },
      'has retired_at, which goes with the status retired only',
    ],
    [
      'retired_at without a status',
      { ...es256, retired_at: 1 },
      'has retired_at, which goes with the status retired only',
    ],
    [
      'retired_at in milliseconds',
      { ...es256, status: 'retired', retired_at: 1_700_000_000_000 },
      'has milliseconds in retired_at; it must be seconds',
    ],
    [
      'retired_at as text',
      { ...es256, status: 'retired', retired_at: '2026-01-01' },
      'must have whole seconds in retired_at',
    ],
    [
      'retired_at with a fraction',
      { ...es256, status: 'retired', retired_at: 1.5 },
      'must have whole seconds in retired_at',
    ],
    [
      'a private half of another key',
      { ...es256, d: signingJwk().d },
      'has a private half that does not belong to its public half',
    ],
    ['no key at all', 'key', 'must be an object'],
    ['nothing', null, 'must be an object'],
  ])('%s', (_, key, line) => {
    expect(complaints(es256, key)).toEqual([`keys[1] ${line}`])
  })
})

it('refuses two keys of one name (RFC 7517 §4.5)', () => {
  expect(complaints(signingJwk('same'), keys.EdDSA, signingJwk('same'))).toEqual(['has the kid "same" twice'])
})

it('tells the problems of all keys at once', () => {
  expect(complaints({ ...keys.ES256, kid: undefined }, keys.EdDSA, 5)).toEqual([
    'keys[0] needs a kid',
    'keys[2] must be an object',
  ])
})

it.each(['{}', '[]', 'null', '{"keys":{}}', '{"keys":"x"}', JSON.stringify(signingJwk())])(
  'refuses what is no JWKS (RFC 7517 §5)',
  (value) => {
    expect(linesOf(() => readSigningKeys(value))).toEqual(['must be a JWKS: {"keys":[...]}'])
  },
)

it('refuses an empty set', () => {
  expect(complaints()).toEqual(['must have at least one key'])
})
