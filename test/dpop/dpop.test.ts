import { createDpop, dpopChallenge } from '../../src/dpop/dpop.ts'
import { createDpopNonces, type DpopNonces } from '../../src/dpop/nonces.ts'
import { createMac } from '../../src/lib/mac.ts'
import { OAuthError } from '../../src/oauth/errors.ts'
import { createMemoryStore } from '../../src/store/memory/memory-store.ts'
import { createTestClock, type TestClock } from '../helpers/clock.ts'
import { makeProofKey, type ProofChanges, type ProofKey, signProof, TOKEN_ENDPOINT } from '../helpers/dpop.ts'

const SECRETS = ['a-secret-of-at-least-32-characters-one', 'a-secret-of-at-least-32-characters-two']
const request = { method: 'POST', uri: TOKEN_ENDPOINT }

let key: ProofKey
let clock: TestClock
beforeAll(async () => {
  key = await makeProofKey()
})
beforeEach(() => {
  clock = createTestClock(Date.UTC(2031, 4, 1, 12, 0, 30))
})

function dpopWith({
  nonces,
  once = createMemoryStore().once,
}: {
  nonces?: DpopNonces
  once?: ReturnType<typeof createMemoryStore>['once']
} = {}) {
  return createDpop({ once, clock, nonces })
}
const proof = (changes: ProofChanges = {}) => signProof(key, { now: clock.now(), ...changes })

/** The code and the cause of the refusal; fails where there is none. */
async function refusalOf(attempt: Promise<unknown>): Promise<OAuthError> {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof OAuthError) return error
  throw error ?? new Error('the proof was taken')
}

it('gives the key that was proven, and none where there is no proof', async () => {
  expect(await dpopWith().prove([await proof()], request)).toBe(key.jkt)
  expect(await dpopWith().prove([], request)).toBeUndefined()
})

it.each<[string, Record<string, unknown>, string]>([
  ['no jti', { jti: undefined }, 'no-jti'],
  ['an empty jti', { jti: '' }, 'no-jti'],
  ['a jti that is a number', { jti: 1 }, 'no-jti'],
  ['a jti of 257 characters', { jti: 'x'.repeat(257) }, 'no-jti'],
  ['no htm', { htm: undefined }, 'wrong-htm'],
  ['another method', { htm: 'GET' }, 'wrong-htm'],
  ['the method in other letters', { htm: 'post' }, 'wrong-htm'],
  ['no htu', { htu: undefined }, 'wrong-htu'],
  ['another path', { htu: 'http://localhost:3000/oauth/userinfo' }, 'wrong-htu'],
  ['another host', { htu: 'http://evil.example/oauth/token' }, 'wrong-htu'],
  ['an htu that is a list', { htu: [TOKEN_ENDPOINT] }, 'wrong-htu'],
  ['no iat', { iat: undefined }, 'no-iat'],
  ['an iat that is a text', { iat: '1' }, 'no-iat'],
  ['a nonce that is a number', { nonce: 1 }, 'malformed-nonce'],
])('refuses %s with invalid_dpop_proof and one sentence', async (_what, claims, cause) => {
  const error = await refusalOf(dpopWith().prove([await proof({ claims })], request))
  expect(error).toMatchObject({ code: 'invalid_dpop_proof', status: 400, cause })
  expect(error.description).toBe('the DPoP proof is invalid, stale or was used before')
})

it.each<[string, Record<string, unknown>]>([
  ['a jti of 256 characters', { jti: 'x'.repeat(256) }],
  ['a query and a fragment in htu, which are ignored (RFC 9449 §4.3)', { htu: `${TOKEN_ENDPOINT}?a=b#c` }],
  ['another spelling of the same htu', { htu: 'HTTP://LOCALHOST:3000/oauth/%74oken' }],
  ['a nonce that nobody asked for', { nonce: 'of another server' }],
  ['claims that mean nothing here', { exp: 1, aud: 'x', ath: 'x' }],
])('takes %s', async (_what, claims) => {
  expect(await dpopWith().prove([await proof({ claims })], request)).toBe(key.jkt)
})

it('takes a proof until a minute after its iat, and half a minute before', async () => {
  const at = (seconds: number) => Math.floor(clock.now() / 1000) + seconds
  for (const offset of [-60, 30]) {
    const edge = await proof({ claims: { iat: at(offset) } })
    expect(await dpopWith().prove([edge], request)).toBe(key.jkt)
  }
  const stale = await refusalOf(dpopWith().prove([await proof({ claims: { iat: at(-61) } })], request))
  const early = await refusalOf(dpopWith().prove([await proof({ claims: { iat: at(31) } })], request))
  expect([stale.cause, early.cause]).toEqual(['stale-proof', 'proof-from-the-future'])
})

it('takes a proof once for as long as any process would take it, and another key may use the same jti', async () => {
  const dpop = dpopWith()
  const latest = await proof({ claims: { jti: 'one', iat: Math.floor(clock.now() / 1000) + 30 } })
  expect(await dpop.prove([latest], request)).toBe(key.jkt)
  for (const seconds of [0, 60, 30]) {
    clock.advance({ seconds })
    expect((await refusalOf(dpop.prove([latest], request))).cause).toBe('proof-replayed')
  }
  const other = await makeProofKey()
  const theirs = await signProof(other, { now: clock.now(), claims: { jti: 'one' } })
  expect(await dpop.prove([theirs], request)).toBe(other.jkt)
})

it('remembers a proof half a minute longer than it takes it, for processes whose clocks are behind', async () => {
  const uses: number[] = []
  const once = { use: async (_scope: string, _id: string, expiresAt: number) => uses.push(expiresAt) > 0 }
  await dpopWith({ once }).prove([await proof()], request)
  expect(uses).toEqual([Math.floor(clock.now() / 1000) * 1000 + 90_000])
})

it('counts nothing for a proof that is refused, so that only a sound one is used up', async () => {
  const once = { use: jest.fn(async () => true) }
  const dpop = dpopWith({ once })
  for (const changes of [{ claims: { htm: 'GET' } }, { claims: { iat: 1 } }, { header: { typ: 'JWT' } }]) {
    await refusalOf(dpop.prove([await proof(changes)], request))
  }
  await refusalOf(dpop.prove([await proof()], { ...request, boundTo: 'another key' }))
  expect(once.use).not.toHaveBeenCalled()
})

describe('with an access token', () => {
  const protectedRequest = { ...request, accessToken: 'the-token' }

  it('needs its hash (RFC 9449 §4.3)', async () => {
    const sound = await proof({ accessToken: 'the-token' })
    expect(await dpopWith().prove([sound], protectedRequest)).toBe(key.jkt)
    for (const changes of [{}, { accessToken: 'another' }, { claims: { ath: 'the-token' } }, { claims: { ath: 1 } }]) {
      const error = await refusalOf(dpopWith().prove([await proof(changes)], protectedRequest))
      expect(error).toMatchObject({ code: 'invalid_dpop_proof', cause: 'wrong-ath' })
    }
  })

  it('needs the key it is bound to', async () => {
    const sound = await proof({ accessToken: 'the-token' })
    const error = await refusalOf(dpopWith().prove([sound], { ...protectedRequest, boundTo: 'another key' }))
    expect(error).toMatchObject({ code: 'invalid_token', cause: 'wrong-dpop-key' })
    expect(await dpopWith().prove([sound], { ...protectedRequest, boundTo: key.jkt })).toBe(key.jkt)
  })
})

describe('with nonces', () => {
  const noncesOf = (secrets = SECRETS) => createDpopNonces(createMac(secrets, 'dpop nonce'), clock)

  it('offers one, and asks for it where it is missing, foreign or too old', async () => {
    const nonces = noncesOf()
    const dpop = dpopWith({ nonces })
    const nonce = nonces.current()
    expect(dpop.offer()).toEqual({ 'DPoP-Nonce': nonce })
    for (const [claims, cause] of [
      [{}, 'proof-without-nonce'],
      [{ nonce: '' }, 'stale-nonce'],
      [{ nonce: 'x'.repeat(43) }, 'stale-nonce'],
      [{ nonce: createMac(SECRETS, 'csrf').sign('1') }, 'stale-nonce'],
    ] as const) {
      const error = await refusalOf(dpop.prove([await proof({ claims })], request))
      expect(error).toMatchObject({ code: 'use_dpop_nonce', status: 400, cause, headers: { 'DPoP-Nonce': nonce } })
    }
    expect(await dpop.prove([await proof({ claims: { nonce } })], request)).toBe(key.jkt)
  })

  it('takes a nonce for one to two minutes, and that of a process whose clock is ahead', async () => {
    const nonces = noncesOf()
    const nonce = nonces.current()
    clock.advance({ seconds: 89 })
    expect(nonces.acceptedUntil(nonce)).toBeGreaterThan(clock.now())
    clock.advance({ seconds: 1 })
    expect(nonces.acceptedUntil(nonce)).toBeUndefined()
    const ahead = nonces.current()
    clock.advance({ seconds: -1 })
    expect(nonces.current()).not.toBe(ahead)
    expect(nonces.acceptedUntil(ahead)).toBeGreaterThan(clock.now())
  })

  it('lets no clock of a client matter: the nonce tells the time (RFC 9449 §8)', async () => {
    const nonces = noncesOf()
    const dpop = dpopWith({ nonces })
    for (const iat of [1, 99_999_999_999]) {
      const wrongClock = await proof({ claims: { nonce: nonces.current(), iat } })
      expect(await dpop.prove([wrongClock], request)).toBe(key.jkt)
    }
  })

  it('takes a proof once for as long as its nonce is good', async () => {
    const nonces = noncesOf()
    const dpop = dpopWith({ nonces })
    const used = await proof({ claims: { nonce: nonces.current() } })
    expect(await dpop.prove([used], request)).toBe(key.jkt)
    clock.advance({ seconds: 89 })
    expect((await refusalOf(dpop.prove([used], request))).cause).toBe('proof-replayed')
    clock.advance({ seconds: 1 })
    expect((await refusalOf(dpop.prove([used], request))).cause).toBe('stale-nonce')
  })

  it('takes nonces of an older secret, and none of a foreign one', () => {
    const [newest = '', older = ''] = SECRETS
    expect(noncesOf().acceptedUntil(noncesOf([older]).current())).toBeDefined()
    expect(noncesOf([newest]).acceptedUntil(noncesOf([older]).current())).toBeUndefined()
  })

  it('offers none where none is asked for', () => {
    expect(dpopWith().offer()).toEqual({})
  })
})

it('tells in its challenge what it takes (RFC 9449 §7.1)', () => {
  expect(dpopChallenge()).toBe('DPoP algs="ES256 EdDSA Ed25519 RS256 PS256"')
  expect(dpopChallenge(new OAuthError('invalid_token', 'no'))).toBe(
    'DPoP error="invalid_token", error_description="no", algs="ES256 EdDSA Ed25519 RS256 PS256"',
  )
})
