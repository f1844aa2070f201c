import { createMemoryStore } from '../../src/store/memory/memory-store.ts'
import { inspectedStore } from '../helpers/inspected-store.ts'
import { openRedisStore } from '../helpers/redis-store.ts'
import { freshPrefix } from '../helpers/server.ts'

const url = process.env.TEST_REDIS_URL as string
const here = inspectedStore()

it('counts over several processes on one Redis', async () => {
  const prefix = freshPrefix()
  const stores = await Promise.all([
    openRedisStore({ url, keyPrefix: prefix }),
    openRedisStore({ url, keyPrefix: prefix }),
    openRedisStore({ url, keyPrefix: prefix }),
  ])
  const now = Date.now()
  const uses = await Promise.all(stores.map((store) => store.once.use('scope', 'id', now + 60_000, now)))
  expect(uses.filter(Boolean)).toHaveLength(1)
  await Promise.all(stores.map((store) => store.close()))
})

it('keeps no id in Redis as a stranger wrote it, and each for its time only', async () => {
  const { store, redis, keyPrefix } = here
  await store.once.use('scope', '}{ an id\r\n', 1_060_000.5, 1_000_000)
  const [key = '', ...others] = await redis.keys(`${keyPrefix}*`)
  expect(others).toEqual([])
  expect(key.slice(keyPrefix.length)).toMatch(/^once:\{[\w-]{43}\}$/)
  expect(await redis.pttl(key)).toBeGreaterThan(0)
  expect(await redis.pttl(key)).toBeLessThanOrEqual(60_001)
  // Redis refuses a lifetime of nothing.
  expect(await store.once.use('scope', 'over before it began', 1_000_000, 1_060_000)).toBe(true)
})

it('forgets in memory after the time, so that it does not grow', async () => {
  const store = createMemoryStore()
  expect(await store.once.use('scope', 'id', 1000, 0)).toBe(true)
  expect(await store.once.use('scope', 'id', 1000, 999)).toBe(false)
  expect(await store.once.use('scope', 'id', 2000, 1000)).toBe(true)
})
