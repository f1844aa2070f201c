import { ANSWERED_INTERACTION_LIFETIME } from '../../src/store/answered-interaction.ts'
import { inspectedStore } from '../helpers/inspected-store.ts'
import {
  APP,
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

// What is over is told from the caller's clock; the time to live in Redis only cleans up. It must not clean up too soon.
describe('the time to live of a record in Redis', () => {
  const here = inspectedStore()

  /** At most the given lifetime, and not a minute less: this test is over long before. */
  const expectTtl = async (key: string, lifetime: number) => {
    const ttl = await here.redis.pttl(key)
    expect(ttl).toBeLessThanOrEqual(lifetime)
    expect(ttl).toBeGreaterThan(lifetime - MINUTE)
  }

  it('of counted requests ends a window after theirs', async () => {
    const window = { limit: 'x', who: 'a', startsAt: NOW - 10 * MINUTE, length: 30 * MINUTE }
    await here.store.rateLimits.add(window, 1, NOW)
    await expectTtl(here.keys.requests(window), 50 * MINUTE)
  })

  it('of refusals is a day from the last one on', async () => {
    const refusal = { at: NOW, error: 'invalid_request', status: 400, cause: 'x', description: '', facts: {} }
    await here.store.refusals.note({ errorId: '000000000001', ...refusal }, NOW)
    await here.redis.pexpire(here.keys.refusals(), MINUTE)
    await here.store.refusals.note({ errorId: '000000000002', ...refusal }, NOW)
    await expectTtl(here.keys.refusals(), DAY)
  })

  it('follows an authorization from code to last refresh', async () => {
    const code = newCode({ codeExpiresAt: NOW + 10 * MINUTE })
    const key = here.keys.authorization(code.id)
    await here.store.authorizations.create(code)
    await expectTtl(key, 10 * MINUTE)
    await here.store.authorizations.redeem(redemptionOf(code, { now: NOW, activeUntil: NOW + DAY }))
    await expectTtl(key, DAY)
    await here.store.authorizations.rotate(
      rotationOf(code, 1, { now: NOW + HOUR, idleTtl: 30 * DAY, maxTtl: 365 * DAY }),
    )
    await expectTtl(key, 30 * DAY)
    await here.store.authorizations.rotate(rotationOf(code, 2, { now: NOW + DAY, idleTtl: 30 * DAY, maxTtl: 20 * DAY }))
    await expectTtl(key, 19 * DAY)
  })

  it('is that of the code for an authorization which an interaction ends in', async () => {
    const interaction = newInteraction()
    await here.store.interactions.create(interaction)
    await expectTtl(here.keys.interaction(interaction.id), 30 * MINUTE)
    await here.store.interactions.finish(interaction.id, newCode({ id: interaction.id }), NOW)
    await expectTtl(here.keys.authorization(interaction.id), MINUTE)
  })

  it('is cut to some minutes for an interaction that is answered', async () => {
    const [allowed, denied, late] = [newInteraction(), newInteraction(), newInteraction()]
    for (const interaction of [allowed, denied, late]) await here.store.interactions.create(interaction)
    await here.store.interactions.finish(allowed.id, newCode({ id: allowed.id }), NOW)
    await expectTtl(here.keys.interaction(allowed.id), ANSWERED_INTERACTION_LIFETIME)
    await here.store.interactions.finish(denied.id, 'denied', NOW)
    await expectTtl(here.keys.interaction(denied.id), ANSWERED_INTERACTION_LIFETIME)
    await here.store.interactions.finish(late.id, 'denied', NOW + 28 * MINUTE)
    await expectTtl(here.keys.interaction(late.id), 2 * MINUTE)
  })

  it('is that of the interaction for a pushed request that a browser has opened', async () => {
    const { id, request, browserHash } = newInteraction()
    await here.store.pushedRequests.create({ id, request, createdAt: NOW, expiresAt: NOW + 5 * MINUTE })
    await expectTtl(here.keys.pushed(id), 5 * MINUTE)
    const opening = { id, clientId: request.clientId, browserHash, now: NOW + MINUTE, opensUntil: NOW + 31 * MINUTE }
    await here.store.pushedRequests.open(opening)
    await expectTtl(here.keys.interaction(id), 30 * MINUTE)
    expect(await here.redis.exists(here.keys.pushed(id))).toBe(0)
    await here.store.pushedRequests.open({ ...opening, now: NOW + 2 * MINUTE, opensUntil: NOW + 60 * MINUTE })
    await expectTtl(here.keys.interaction(id), 30 * MINUTE)
  })

  it('follows the use of a session up to its last moment', async () => {
    const session = newSession({ endsAt: NOW + DAY })
    await here.store.sessions.create(session, 8 * HOUR)
    await expectTtl(here.keys.session(session.id), 8 * HOUR)
    await here.store.sessions.find(session.id, APP, newId(), NOW + HOUR, INDEX_TTL)
    await expectTtl(here.keys.session(session.id), 8 * HOUR)
    for (const hour of [8, 15, 20])
      await here.store.sessions.find(session.id, APP, newId(), NOW + hour * HOUR, INDEX_TTL)
    await expectTtl(here.keys.session(session.id), 4 * HOUR)
  })

  it('is that of the longest authorization for what a user asked for, from the newest on', async () => {
    const session = newSession({ endsAt: NOW + 7 * DAY })
    const key = here.keys.authorizationsOf(session.id.userKey)
    await here.store.sessions.create(session, 8 * HOUR)
    await here.store.sessions.find(session.id, APP, newId(), NOW, 30 * DAY)
    await here.redis.pexpire(key, HOUR)
    await here.store.sessions.find(session.id, APP, newId(), NOW + HOUR, 30 * DAY)
    await expectTtl(key, 30 * DAY)
    await here.store.sessions.end(session.id, NOW + 2 * HOUR)
    await expectTtl(key, 30 * DAY)
  })

  it('is that of the longest consent of a user, whichever came first', async () => {
    const key = here.keys.consents('user')
    const remember = (clientId: string, lifetime: number) =>
      here.store.consents.remember(
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
