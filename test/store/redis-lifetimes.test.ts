import { Redis } from 'ioredis'
import { ANSWERED_INTERACTION_LIFETIME } from '../../src/store/answered-interaction.ts'
import { createKeys } from '../../src/store/redis/keys.ts'
import type { Store } from '../../src/store/store.ts'
import { openRedisStore } from '../helpers/redis-store.ts'
import { freshPrefix } from '../helpers/server.ts'
import {
  DAY,
  HOUR,
  INDEX_TTL,
  MINUTE,
  NOW,
  newCode,
  newId,
  newInteraction,
  newSession,
  redemptionOf,
  rotationOf,
} from './contract/records.ts'

const APP = { clientId: 'app', redirectUri: 'https://app.example/callback' }

// What is over is told from the caller's clock; the time to live in Redis only cleans up. It must not clean up too soon.
describe('the time to live of a record in Redis', () => {
  const prefix = freshPrefix()
  const keys = createKeys(prefix)
  let redis: Redis
  let store: Store
  beforeAll(async () => {
    const url = process.env.TEST_REDIS_URL as string
    redis = new Redis(url)
    store = await openRedisStore({ url, keyPrefix: prefix })
  })
  afterAll(async () => {
    await store?.close()
    await redis?.quit()
  })

  /** At most the given lifetime, and not a minute less: this test is over long before. */
  const expectTtl = async (key: string, lifetime: number) => {
    const ttl = await redis.pttl(key)
    expect(ttl).toBeLessThanOrEqual(lifetime)
    expect(ttl).toBeGreaterThan(lifetime - MINUTE)
  }

  it('of counted requests ends a window after theirs', async () => {
    const window = { limit: 'x', who: 'a', startsAt: NOW - 10 * MINUTE, length: 30 * MINUTE }
    await store.rateLimits.add(window, 1, NOW)
    await expectTtl(keys.requests(window), 50 * MINUTE)
  })

  it('of refusals is a day from the last one on', async () => {
    const refusal = { at: NOW, error: 'invalid_request', status: 400, cause: 'x', description: '', facts: {} }
    await store.refusals.note({ errorId: '000000000001', ...refusal }, NOW)
    await redis.pexpire(keys.refusals(), MINUTE)
    await store.refusals.note({ errorId: '000000000002', ...refusal }, NOW)
    await expectTtl(keys.refusals(), DAY)
  })

  it('follows an authorization from code to last refresh', async () => {
    const code = newCode({ codeExpiresAt: NOW + 10 * MINUTE })
    const key = keys.authorization(code.id)
    await store.authorizations.create(code)
    await expectTtl(key, 10 * MINUTE)
    await store.authorizations.redeem(redemptionOf(code, { now: NOW, activeUntil: NOW + DAY }))
    await expectTtl(key, DAY)
    await store.authorizations.rotate(rotationOf(code, 1, { now: NOW + HOUR, idleTtl: 30 * DAY, maxTtl: 365 * DAY }))
    await expectTtl(key, 30 * DAY)
    await store.authorizations.rotate(rotationOf(code, 2, { now: NOW + DAY, idleTtl: 30 * DAY, maxTtl: 20 * DAY }))
    await expectTtl(key, 19 * DAY)
  })

  it('is that of the code for an authorization which an interaction ends in', async () => {
    const interaction = newInteraction()
    await store.interactions.create(interaction)
    await expectTtl(keys.interaction(interaction.id), 30 * MINUTE)
    await store.interactions.finish(interaction.id, newCode({ id: interaction.id }), NOW)
    await expectTtl(keys.authorization(interaction.id), MINUTE)
  })

  it('is cut to some minutes for an interaction that is answered', async () => {
    const [allowed, denied, late] = [newInteraction(), newInteraction(), newInteraction()]
    for (const interaction of [allowed, denied, late]) await store.interactions.create(interaction)
    await store.interactions.finish(allowed.id, newCode({ id: allowed.id }), NOW)
    await expectTtl(keys.interaction(allowed.id), ANSWERED_INTERACTION_LIFETIME)
    await store.interactions.finish(denied.id, 'denied', NOW)
    await expectTtl(keys.interaction(denied.id), ANSWERED_INTERACTION_LIFETIME)
    await store.interactions.finish(late.id, 'denied', NOW + 28 * MINUTE)
    await expectTtl(keys.interaction(late.id), 2 * MINUTE)
  })

  it('is that of the interaction for a pushed request that a browser has opened', async () => {
    const { id, request, browserHash } = newInteraction()
    await store.pushedRequests.create({ id, request, createdAt: NOW, expiresAt: NOW + 5 * MINUTE })
    await expectTtl(keys.pushed(id), 5 * MINUTE)
    const opening = { id, clientId: request.clientId, browserHash, now: NOW + MINUTE, opensUntil: NOW + 31 * MINUTE }
    await store.pushedRequests.open(opening)
    await expectTtl(keys.interaction(id), 30 * MINUTE)
    expect(await redis.exists(keys.pushed(id))).toBe(0)
    await store.pushedRequests.open({ ...opening, now: NOW + 2 * MINUTE, opensUntil: NOW + 60 * MINUTE })
    await expectTtl(keys.interaction(id), 30 * MINUTE)
  })

  it('follows the use of a session up to its last moment', async () => {
    const session = newSession({ endsAt: NOW + DAY })
    await store.sessions.create(session, 8 * HOUR)
    await expectTtl(keys.session(session.id), 8 * HOUR)
    await store.sessions.find(session.id, APP, newId(), NOW + HOUR, INDEX_TTL)
    await expectTtl(keys.session(session.id), 8 * HOUR)
    for (const hour of [8, 15, 20]) await store.sessions.find(session.id, APP, newId(), NOW + hour * HOUR, INDEX_TTL)
    await expectTtl(keys.session(session.id), 4 * HOUR)
  })

  it('is that of the longest authorization for what a user asked for, from the newest on', async () => {
    const session = newSession({ endsAt: NOW + 7 * DAY })
    const key = keys.authorizationsOf(session.id.userKey)
    await store.sessions.create(session, 8 * HOUR)
    await store.sessions.find(session.id, APP, newId(), NOW, 30 * DAY)
    await redis.pexpire(key, HOUR)
    await store.sessions.find(session.id, APP, newId(), NOW + HOUR, 30 * DAY)
    await expectTtl(key, 30 * DAY)
    await store.sessions.end(session.id, NOW + 2 * HOUR)
    await expectTtl(key, 30 * DAY)
  })

  it('is that of the longest consent of a user, whichever came first', async () => {
    const key = keys.consents('user')
    const remember = (clientId: string, lifetime: number) =>
      store.consents.remember(
        'user',
        { ...APP, clientId },
        { scope: ['read'], leftOut: [], resources: ['https://api.example'], expiresAt: NOW + lifetime },
        NOW,
      )
    await remember('one', DAY)
    await expectTtl(key, DAY)
    await remember('two', 30 * DAY)
    await expectTtl(key, 30 * DAY)
    await remember('three', HOUR)
    await expectTtl(key, 30 * DAY)
  })
})
