import { inspectedStore } from '../helpers/inspected-store.ts'

const here = inspectedStore()

it('keeps no name in Redis as a stranger wrote it, and nothing without a lifetime', async () => {
  const { store, redis, keyPrefix } = here
  const policy = { freeByName: 5, freeByNetwork: 100, firstWait: 1000, longestWait: 60_000, memory: 900_000 }
  const attempt = { network: '2001:db8:1:2::/64', registered: false, right: false, now: 0 }
  for (const claimed of ['}{ some\r\nname', 'x'.repeat(60_000), '']) {
    await store.attempts.judge({ ...attempt, claimed }, policy)
  }
  const keys = await redis.keys(`${keyPrefix}*`)
  expect(keys).toHaveLength(4)
  for (const key of keys) {
    expect(key.slice(keyPrefix.length)).toMatch(/^failures:\{2001:db8:1:2::\/64\}(:[\w-]{43})?$/)
    const left = await redis.pttl(key)
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(900_000)
  }
})
