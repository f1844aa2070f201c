import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import type { SigningJwk } from '../../src/config/signing-keys.ts'
import { createSigningKeys } from '../../src/keys/signing-keys.ts'
import { createTestClock, type TestClock } from '../helpers/clock.ts'
import { algorithms, asRead, key } from '../helpers/signing-keys.ts'

const HOUR = 3600
const LONGEST_TOKEN = 2 * HOUR

let clock: TestClock
beforeEach(() => {
  clock = createTestClock(1_800_000_000_000)
})

const create = (keys: readonly SigningJwk[]) =>
  createSigningKeys(keys, { clock, longestToken: () => LONGEST_TOKEN * 1000 })
const now = () => clock.now() / 1000

describe('the signing keys', () => {
  it.each(algorithms)('sign by %s what the published keys verify', async (alg) => {
    const keys = await create(asRead(await key('before', 'retired'), await key('mine', 'active', { alg })))
    const token = await keys.sign({ sub: 'user' }, 'at+jwt')
    expect(decodeProtectedHeader(token)).toEqual({ alg, kid: 'mine', typ: 'at+jwt' })
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys.publicJwks()), { algorithms: [alg] })
    expect(payload.sub).toBe('user')
  })

  it.each(algorithms)('publish of an %s key the name, the algorithm, the use and the public members', async (alg) => {
    const keys = await create(asRead({ ...(await key('mine', 'active', { alg })), key_ops: ['sign'], note: 'ours' }))
    const members = { ES256: ['crv', 'x', 'y'], EdDSA: ['crv', 'x'], RS256: ['e', 'n'], PS256: ['e', 'n'] }[alg]
    expect(Object.keys(keys.publicJwks().keys[0] ?? {}).sort()).toEqual(['alg', 'kid', 'kty', 'use', ...members].sort())
    expect(keys.publicJwks().keys[0]).toMatchObject({ kid: 'mine', alg, use: 'sig' })
  })

  it('are published in the order of the configuration, whatever their status', async () => {
    const [a, b, c] = [await key('a', 'retired'), await key('b', 'active'), await key('c', 'pending')]
    const keys = await create(asRead(a, b, c))
    const order = () => keys.publicJwks().keys.map(({ kid }) => kid)
    expect(order()).toEqual(['a', 'b', 'c'])
    await keys.replace(asRead(a, { ...b, status: 'retired', retired_at: now() }, { ...c, status: 'active' }))
    expect(order()).toEqual(['a', 'b', 'c'])
  })

  it('stay published until the last token under them is over, and an hour for the roll-out, then are dropped', async () => {
    const keys = await create(asRead(await key('old', 'retired', { retired_at: now() }), await key('new', 'active')))
    const published = () => keys.publicJwks().keys.map(({ kid }) => kid)
    clock.advance({ seconds: LONGEST_TOKEN + HOUR - 1 })
    expect(published()).toEqual(['old', 'new'])
    clock.advance({ seconds: 1 })
    expect(published()).toEqual(['new'])
  })

  it('stay published for good where nobody wrote down when they were retired', async () => {
    const keys = await create(asRead(await key('old', 'retired'), await key('new', 'active')))
    clock.advance({ seconds: 1000 * LONGEST_TOKEN })
    expect(keys.publicJwks().keys).toHaveLength(2)
  })

  it('stay as they were where the next ones cannot be used', async () => {
    const keys = await create(asRead(await key('good', 'active')))
    const broken = asRead(await key('bad', 'active')).map((entry) => ({ ...entry, jwk: { ...entry.jwk, d: '?' } }))
    await expect(keys.replace(broken)).rejects.toThrow()
    expect(decodeProtectedHeader(await keys.sign({}, 'at+jwt')).kid).toBe('good')
    expect(keys.publicJwks().keys.map(({ kid }) => kid)).toEqual(['good'])
  })
})

describe('a rotation', () => {
  it('brings no warning where the next key was published for as long as others keep the JWKS', async () => {
    const [a, b] = [await key('a', 'active'), await key('b', 'pending')]
    const keys = await create(asRead(a))
    expect(await keys.replace(asRead(a, b))).toEqual([])
    clock.advance({ seconds: 300 })
    expect(await keys.replace(asRead({ ...a, status: 'retired' }, { ...b, status: 'active' }))).toEqual([])
  })

  it('brings none for a key that was pending when the process started', async () => {
    const [a, b] = [await key('a', 'active'), await key('b', 'pending')]
    const keys = await create(asRead(a, b))
    expect(await keys.replace(asRead({ ...a, status: 'retired' }, { ...b, status: 'active' }))).toEqual([])
  })

  it('warns of a key that signs too soon after it was published', async () => {
    const [a, b] = [await key('a', 'active'), await key('b', 'pending')]
    const keys = await create(asRead(a))
    await keys.replace(asRead(a, b))
    clock.advance({ seconds: 299 })
    const warnings = await keys.replace(asRead({ ...a, status: 'retired' }, { ...b, status: 'active' }))
    expect(warnings).toEqual([expect.stringContaining('the signing key b became active 299 s after it was published')])
  })

  it('warns of a key that signs without having been published, and of one that is gone at once', async () => {
    const keys = await create(asRead(await key('a', 'active')))
    expect(await keys.replace(asRead(await key('b', 'active')))).toEqual([
      expect.stringContaining('the signing key b was not published before it became active'),
      expect.stringContaining('the signing key a is no longer published'),
    ])
  })
})
