import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import type { SigningJwk } from '../../src/config/signing-keys.ts'
import { withActive, withPending } from '../../src/keys/rotation.ts'
import { createSigningKeys, makeSigningKeys } from '../../src/keys/signing-keys.ts'
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

  it('are refused where the private half belongs to another key', async () => {
    const [mine, other] = [await key('mine', 'active'), await key('other', 'active')]
    const mixed = asRead(mine).map((read) => ({ ...read, jwk: { ...read.jwk, d: other.d } }))
    await expect(create(mixed)).rejects.toThrow(
      'the private half of the signing key mine does not belong to its public half',
    )
  })

  it('are shown by the same object until one comes or goes', async () => {
    const retiredAt = now()
    const keys = await create(
      asRead(await key('mine', 'active'), await key('old', 'retired', { retired_at: retiredAt })),
    )
    const shown = keys.publicJwks()
    expect(keys.publicJwks()).toBe(shown)
    clock.advance({ seconds: LONGEST_TOKEN + HOUR })
    expect(keys.publicJwks().keys.map(({ kid }) => kid)).toEqual(['mine'])
    await keys.replace(asRead(await key('next', 'active')))
    expect(keys.publicJwks().keys.map(({ kid }) => kid)).toEqual(['next'])
  })

  it('sign by the algorithm that is asked for, and by that of the first active key otherwise', async () => {
    const keys = await create(
      asRead(
        await key('next', 'pending', { alg: 'EdDSA' }),
        await key('plain', 'active'),
        await key('rsa', 'active', { alg: 'RS256' }),
      ),
    )
    expect(keys.algorithms()).toEqual(['ES256', 'RS256'])
    const header = async (...args: Parameters<typeof keys.sign>) => decodeProtectedHeader(await keys.sign(...args))
    expect(await header({}, 'at+jwt')).toEqual({ alg: 'ES256', kid: 'plain', typ: 'at+jwt' })
    expect(await header({}, 'at+jwt', 'RS256')).toEqual({ alg: 'RS256', kid: 'rsa', typ: 'at+jwt' })
    // A pending key is published and signs nothing, whoever asks.
    await expect(keys.sign({}, undefined, 'EdDSA')).rejects.toThrow('no active key signs by EdDSA')
  })

  it('say JWT of what has no type of its own (RFC 7519 §5.1), never at+jwt', async () => {
    const keys = await create(asRead(await key('mine', 'active')))
    expect(decodeProtectedHeader(await keys.sign({}, undefined)).typ).toBe('JWT')
  })

  it('are made up as one for ES256, the default, and one of 2048 bits for RS256', async () => {
    const keys = await create(await makeSigningKeys())
    expect(keys.algorithms()).toEqual(['ES256', 'RS256'])
    const [, rsa] = keys.publicJwks().keys
    expect(Buffer.from(rsa?.n ?? '', 'base64url')).toHaveLength(2048 / 8)
    const { protectedHeader } = await jwtVerify(
      await keys.sign({}, undefined, 'RS256'),
      createLocalJWKSet(keys.publicJwks()),
    )
    expect(protectedHeader.alg).toBe('RS256')
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

  it('of one algorithm leaves the others as they are, and the default one too', async () => {
    const [es, rsa, next] = [
      await key('es', 'active'),
      await key('rsa', 'active', { alg: 'RS256' }),
      await key('es-2', 'pending'),
    ]
    const keys = await create(asRead(es, rsa))
    const kidOf = async (alg?: 'RS256') => decodeProtectedHeader(await keys.sign({}, 'at+jwt', alg)).kid
    const pending = withPending(asRead(es, rsa), next)
    expect(await keys.replace(asRead(...pending.keys))).toEqual([])
    clock.advance({ seconds: 300 })
    const active = withActive(asRead(...pending.keys), 'es-2', now())
    expect(await keys.replace(asRead(...active.keys))).toEqual([])
    expect([await kidOf(), await kidOf('RS256')]).toEqual(['es-2', 'rsa'])
    expect(keys.algorithms()).toEqual(['ES256', 'RS256'])
  })

  it('warns of every algorithm whose key others may not have yet', async () => {
    const keys = await create(asRead(await key('es', 'active'), await key('rsa', 'active', { alg: 'RS256' })))
    const next = asRead(await key('es-2', 'active'), await key('rsa-2', 'active', { alg: 'RS256' }))
    expect(await keys.replace(next)).toEqual([
      expect.stringContaining('the signing key es-2 was not published'),
      expect.stringContaining('the signing key rsa-2 was not published'),
      expect.stringContaining('the signing key es is no longer published'),
      expect.stringContaining('the signing key rsa is no longer published'),
    ])
  })

  it('warns where access tokens change their algorithm, since APIs may accept the old one only', async () => {
    const [es, rsa] = [await key('es', 'active'), await key('rsa', 'active', { alg: 'RS256' })]
    const keys = await create(asRead(es, rsa))
    expect(await keys.replace(asRead(rsa, es))).toEqual([
      expect.stringContaining('access tokens are signed by RS256 from now on, and were by ES256'),
    ])
    expect(keys.algorithms()).toEqual(['RS256', 'ES256'])
  })

  it('moves the key to the front where its algorithm is to be the default, and retires none of another', async () => {
    const [es, rsa] = [await key('es', 'active'), await key('rsa', 'pending', { alg: 'RS256' })]
    const { keys } = withActive(asRead(es, rsa), 'rsa', now(), true)
    expect(keys.map(({ kid, status }) => `${kid} ${status}`)).toEqual(['rsa active', 'es active'])
  })
})
