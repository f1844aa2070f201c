import { setTimeout as pause } from 'node:timers/promises'
import { inspectedStore } from '../helpers/inspected-store.ts'
import { openRedisStore } from '../helpers/redis-store.ts'
import {
  APP,
  activeAuthorization,
  HOUR,
  INDEX_TTL,
  NOW,
  newId,
  newInteraction,
  newSession,
  storedCode,
} from './contract/records.ts'

describe('the index of a user in Redis', () => {
  const here = inspectedStore()

  const signIn = async () => {
    const session = newSession()
    const key = here.keys.authorizationsOf(session.id.userKey)
    await here.store.sessions.create(session, 8 * HOUR)
    return {
      owner: { userKey: session.id.userKey, subject: session.subject },
      key,
      ids: async () => (await here.redis.zrange(key, 0, '-1')).sort(),
      async ask(id: string, now = NOW) {
        await here.store.sessions.find(session.id, APP, id, now, INDEX_TTL)
        return id
      },
    }
  }
  /** An id that makes it time to look, where there are many, and one that does not. */
  const telling = () => `A${newId().slice(1)}`
  const plain = () => `B${newId().slice(1)}`
  /** Waits for what the store does in the background, however long that takes. */
  const until = async (isSo: () => Promise<boolean>) => {
    while (!(await isSo())) await pause(5)
  }

  it('loses the ids that came to nothing once there are many of them, and none that is alive or young', async () => {
    const { ask, ids } = await signIn()
    const interaction = newInteraction()
    await here.store.interactions.create(interaction)
    const alive = [
      (await activeAuthorization(here.store, { id: await ask(plain()) })).id,
      (await storedCode(here.store, { id: await ask(plain()) })).id,
      await ask(interaction.id),
    ]
    for (let count = 0; count < 300; count++) await ask(plain())
    const young = await ask(plain(), NOW + HOUR - 1000)
    expect(await ids()).toHaveLength(304)
    const last = await ask(telling(), NOW + HOUR)
    await until(async () => (await ids()).length === 5)
    expect(await ids()).toEqual([...alive, young, last].sort())
  })

  it('is left alone while it is small', async () => {
    const { ask, ids } = await signIn()
    for (let count = 0; count < 255; count++) await ask(plain())
    await ask(telling(), NOW + HOUR)
    const crowded = await signIn()
    for (let count = 0; count < 256; count++) await crowded.ask(plain())
    await crowded.ask(telling(), NOW + HOUR)
    await until(async () => (await crowded.ids()).length === 1)
    expect(await ids()).toHaveLength(256)
  })

  it('is tidied by whoever looks at what a user allowed', async () => {
    const { owner, ask, ids } = await signIn()
    const { id } = await activeAuthorization(here.store, { id: await ask(plain()) })
    for (let count = 0; count < 10; count++) await ask(plain())
    expect(await here.store.authorizations.ofUser(owner, NOW + HOUR)).toHaveLength(1)
    await until(async () => (await ids()).length === 1)
    expect(await ids()).toEqual([id])
  })

  it('is no concern of the request that finds it crowded: that one is answered where tidying up fails', async () => {
    const { ask, key } = await signIn()
    for (let count = 0; count < 300; count++) await ask(plain())
    const own = await openRedisStore({ url: process.env.TEST_REDIS_URL as string, keyPrefix: here.keyPrefix })
    const session = newSession({ id: { userKey: key.split(/[{}]/)[1] as string, secret: newId() } })
    await own.sessions.create(session, 8 * HOUR)
    const found = own.sessions.find(session.id, APP, telling(), NOW + HOUR, INDEX_TTL)
    const closed = found.then(() => own.close())
    expect(await found).toMatchObject({ session })
    await closed
  })
})
