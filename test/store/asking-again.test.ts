import { Redis } from 'ioredis'
import { createKeys } from '../../src/store/redis/keys.ts'
import { createLossyProxy, type LossyProxy } from '../helpers/lossy-proxy.ts'
import { type RedisServer, startRedisServer } from '../helpers/redis-server.ts'
import { type WatchedStore, watchedStore } from '../helpers/redis-store.ts'
import {
  APP,
  activeAuthorization,
  INDEX_TTL,
  MINUTE,
  NOW,
  newCode,
  newId,
  newInteraction,
  newSession,
  redemptionOf,
  rotationOf,
  SECOND,
  storedCode,
} from './contract/records.ts'

/** Half of what the store has for a command: as long for the silence as for asking again after it. In milliseconds. */
const HALF = 800

describe('a move whose answer was lost', () => {
  let redis: RedisServer
  let proxy: LossyProxy
  let here: WatchedStore
  let elsewhere: WatchedStore
  beforeAll(async () => {
    redis = await startRedisServer()
    proxy = await createLossyProxy(redis.port)
    here = await watchedStore({ url: `redis://127.0.0.1:${proxy.port}` })
    elsewhere = await watchedStore({ url: redis.url }, { keyPrefix: here.keyPrefix })
  })
  afterAll(async () => {
    await here?.store.close()
    await elsewhere?.store.close()
    await proxy?.close()
    await redis?.stop()
  })

  const expectOneRedemption = async ({ store }: WatchedStore, how: 'close' | 'silence') => {
    const code = await storedCode(elsewhere.store)
    const lost = proxy.loseAnswerTo(code.id, how)
    const result = await store.authorizations.redeem(redemptionOf(code))
    await lost
    expect(result).toMatchObject({ status: 'redeemed', authorization: { generation: 1 } })
    expect(await elsewhere.store.authorizations.find(code.id, NOW + MINUTE)).toMatchObject({ generation: 1 })
    // Another command is a replay, as ever (RFC 6749 §4.1.2).
    const again = await elsewhere.store.authorizations.redeem(redemptionOf(code))
    expect(again).toEqual({ status: 'replayed', revoked: true })
  }

  it('redeems a code once, and says so, where the connection broke off', () => expectOneRedemption(here, 'close'))

  it('redeems a code once, and says so, where the connection went silent', async () => {
    const where = { url: `redis://127.0.0.1:${proxy.port}` }
    const hurried = await watchedStore(where, { commandTimeout: HALF, keyPrefix: here.keyPrefix })
    try {
      await expectOneRedemption(hurried, 'silence')
      expect([hurried.lost.length, hurried.back()]).toEqual([1, 1])
    } finally {
      await hurried.store.close()
    }
  })

  it('does not let anybody else redeem the code in between', async () => {
    const code = await storedCode(here.store)
    const thief: unknown[] = []
    const lost = proxy.loseAnswerTo(code.id, 'close', async () => {
      const wanted = redemptionOf(code, { replayLeniency: 5 * SECOND })
      thief.push(await elsewhere.store.authorizations.redeem(wanted))
    })
    const result = await here.store.authorizations.redeem(redemptionOf(code))
    await lost
    expect(thief).toEqual([{ status: 'replayed', revoked: false }])
    expect(result).toMatchObject({ status: 'redeemed' })
  })

  it('is refused where the code was replayed in between, which ended it', async () => {
    const code = await storedCode(here.store)
    const thief: unknown[] = []
    const lost = proxy.loseAnswerTo(code.id, 'close', async () => {
      thief.push(await elsewhere.store.authorizations.redeem(redemptionOf(code)))
    })
    const result = await here.store.authorizations.redeem(redemptionOf(code))
    await lost
    expect(thief).toEqual([{ status: 'replayed', revoked: true }])
    expect(result).toEqual({ status: 'unknown' })
  })

  it('rotates once, and says the same as the first time even without any grace', async () => {
    const code = await activeAuthorization(here.store)
    const lost = proxy.loseAnswerTo(code.id)
    const result = await here.store.authorizations.rotate(rotationOf(code, 1, { grace: 0 }))
    await lost
    expect(result).toMatchObject({ status: 'rotated', authorization: { generation: 2 } })
    expect(await here.store.authorizations.rotate(rotationOf(code, 1, { grace: 0 }))).toEqual({ status: 'reused' })
  })

  it('creates one code, ends an interaction once, and tells that it was the first', async () => {
    const created = newCode()
    const lostCode = proxy.loseAnswerTo(created.id)
    await here.store.authorizations.create(created)
    await lostCode
    expect(await here.store.authorizations.redeem(redemptionOf(created))).toMatchObject({ status: 'redeemed' })

    for (const outcome of ['issued', 'denied'] as const) {
      const interaction = newInteraction()
      await here.store.interactions.create(interaction)
      const lost = proxy.loseAnswerTo(interaction.id)
      const answer = outcome === 'denied' ? outcome : newCode({ id: interaction.id })
      expect(await here.store.interactions.finish(interaction.id, answer, NOW)).toMatchObject({ outcome, first: true })
      await lost
      expect(await here.store.interactions.finish(interaction.id, answer, NOW)).toMatchObject({ outcome, first: false })
    }
  })

  it('counts an id that counts once for the one who used it, and for nobody else', async () => {
    const lost = proxy.loseAnswerTo('NX')
    expect(await here.store.once.use('scope', 'mine', NOW + MINUTE, NOW)).toBe(true)
    await lost
    expect(await here.store.once.use('scope', 'mine', NOW + MINUTE, NOW)).toBe(false)
    expect(await elsewhere.store.once.use('scope', 'theirs', NOW + MINUTE, NOW)).toBe(true)
    const lostAgain = proxy.loseAnswerTo('NX')
    expect(await here.store.once.use('scope', 'theirs', NOW + MINUTE, NOW)).toBe(false)
    await lostAgain
  })

  it('ends a session once, and tells what was asked for in it as it did the first time', async () => {
    const session = newSession()
    const { id } = session
    const asked = newId()
    await here.store.sessions.create(session, MINUTE)
    await here.store.sessions.find(id, APP, asked, NOW, INDEX_TTL)
    const between: unknown[] = []
    const lost = proxy.loseAnswerTo(id.secret, 'close', async () => {
      between.push(await elsewhere.store.sessions.end(id, NOW))
      between.push(await elsewhere.store.sessions.find(id, APP, newId(), NOW, INDEX_TTL))
      between.push(await elsewhere.store.sessions.look(id, NOW))
    })
    expect(await here.store.sessions.end(id, NOW)).toEqual({ session, asked: [asked] })
    await lost
    // For everybody else it was over from the first time on.
    expect(between).toEqual([undefined, undefined, undefined])
    expect(await here.store.sessions.end(id, NOW)).toBeUndefined()
  })

  it('settles whose account an interaction goes on with', async () => {
    const interaction = newInteraction()
    await here.store.interactions.create(interaction)
    const lost = proxy.loseAnswerTo(interaction.id)
    expect(await here.store.interactions.settle(interaction.id, 'another', NOW)).toEqual({ status: 'settled' })
    await lost
    expect(await here.store.interactions.find(interaction.id, NOW)).toMatchObject({ account: 'another' })
  })

  it('ends what a client may do for a user', async () => {
    const session = newSession()
    const owner = { userKey: session.id.userKey, subject: session.subject }
    await here.store.sessions.create(session, MINUTE)
    const code = await activeAuthorization(here.store, { subject: session.subject })
    await here.store.sessions.find(session.id, APP, code.id, NOW, INDEX_TTL)
    const lost = proxy.loseAnswerTo(code.id)
    await here.store.authorizations.endForClient(owner, code.clientId, NOW)
    await lost
    expect(await elsewhere.store.authorizations.find(code.id, NOW)).toBeUndefined()
  })

  it('is not asked again where Redis answered, if only by an error', async () => {
    const watch = new Redis(redis.url)
    const code = newCode()
    await watch.set(createKeys(here.keyPrefix).authorization(code.id), 'no hash')
    // So that the connection is there again after what went before.
    await here.store.authorizations.find(code.id, NOW).catch(() => undefined)
    await watch.config('RESETSTAT')
    await expect(here.store.authorizations.redeem(redemptionOf(code))).rejects.toThrow('WRONGTYPE')
    const calls = [...(await watch.info('commandstats')).matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)]
    watch.disconnect()
    expect(calls.map(([, count]) => count)).toEqual(['1'])
  })

  it('tells of each loss once, and of each return', () => {
    expect(here.lost.length).toBeGreaterThan(0)
    expect(here.back()).toBe(here.lost.length)
    expect(elsewhere.lost).toEqual([])
  })
})
