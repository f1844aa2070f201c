import { type RedisServer, startRedisServer } from '../helpers/redis-server.ts'
import { type WatchedStore, watchedStore } from '../helpers/redis-store.ts'
import { UNHURRIED } from '../helpers/server.ts'
import { NOW, newId } from './contract/records.ts'

/** How many commands may wait for Redis. */
const MOST = 1000

describe('a store whose Redis hangs', () => {
  let redis: RedisServer
  let watched: WatchedStore
  beforeAll(async () => {
    redis = await startRedisServer()
    watched = await watchedStore({ url: redis.url }, { commandTimeout: UNHURRIED })
  })
  afterAll(async () => {
    await watched?.store.close()
    await redis?.stop()
  })

  it('lets so many commands wait for it and refuses more at once, and takes as many again when it goes on', async () => {
    const { store } = watched
    redis.signal('SIGSTOP')
    const refused: string[] = []
    const answers = Array.from({ length: MOST + 50 }, () =>
      store.authorizations.find(newId(), NOW).catch(({ reason }) => void refused.push(reason)),
    )
    await new Promise(setImmediate)
    expect(refused).toEqual(Array(50).fill(`${MOST} commands wait for Redis already`))
    redis.signal('SIGCONT')
    await Promise.all(answers)
    const others: string[] = []
    await Promise.all(
      Array.from({ length: MOST }, () =>
        store.authorizations.find(newId(), NOW).catch(({ reason }) => void others.push(reason)),
      ),
    )
    // A slow machine may be late with some of them, but none is one too many.
    expect(others.filter((reason) => reason.includes('wait for Redis already'))).toEqual([])
  })
})
