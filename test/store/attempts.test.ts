import { Redis } from 'ioredis'
import { openRedisStore } from '../helpers/redis-store.ts'
import { freshPrefix } from '../helpers/server.ts'

const url = process.env.TEST_REDIS_URL as string

it('keeps no name in Redis as a stranger wrote it, and nothing without a lifetime', async () => {
  const prefix = freshPrefix()
  const store = await openRedisStore({ url, keyPrefix: prefix })
  const redis = new Redis(url)
  const policy = { freeByName: 5, freeByNetwork: 100, firstWait: 1000, longestWait: 60_000, memory: 900_000 }
  const attempt = { network: '2001:db8:1:2::/64', registered: false, right: false, now: 0 }
  for (const claimed of ['}{ some\r\nname', 'x'.repeat(60_000), '']) {
    await store.attempts.judge({ ...attempt, claimed }, policy)
  }
  const keys = await redis.keys(`${prefix}*`)
  expect(keys).toHaveLength(4)
  for (const key of keys) {
    expect(key.slice(prefix.length)).toMatch(/^failures:\{2001:db8:1:2::\/64\}(:[\w-]{43})?$/)
    const left = await redis.pttl(key)
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(900_000)
  }
  redis.disconnect()
  await store.close()
})
