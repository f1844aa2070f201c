import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { createRequestCounts } from '../../src/http/request-counts.ts'
import { createMemoryStore } from '../../src/store/memory/memory-store.ts'
import type { RateLimitStore } from '../../src/store/rate-limits.ts'
import { StoreUnavailable } from '../../src/store/store.ts'

const WINDOW = 60_000
const LIMIT = { requests: 100, window: WINDOW }
const NOW = 1_800_000_000_000

/** A store that notes what it is told. */
function notingStore() {
  const { rateLimits } = createMemoryStore()
  const told: number[] = []
  const store: RateLimitStore = {
    add: (window, requests, now) => {
      told.push(requests)
      return rateLimits.add(window, requests, now)
    },
  }
  return { store, told }
}

/** Counts that many requests at once, and tells how many of them may go on. */
async function allowed(counts: ReturnType<typeof createRequestCounts>, times: number, who = 'a', now = NOW) {
  const counted = await Promise.all(Array.from({ length: times }, () => counts.count(who, now)))
  return counted.filter((one) => one.allowed).length
}

describe('counting requests', () => {
  it('waits for the store only from half the limit on, and asks it nothing beyond the limit', async () => {
    const { store, told } = notingStore()
    const counts = createRequestCounts('x', LIMIT, store)
    for (let time = 0; time < 50; time++) expect(counts.count('a', NOW)).not.toBeInstanceOf(Promise)
    expect(told).toEqual(Array(5).fill(10))
    expect(counts.count('a', NOW)).toBeInstanceOf(Promise)
    expect(await allowed(counts, 49)).toBe(49)
    expect(told).toHaveLength(55)
    expect(await allowed(counts, 1000)).toBe(0)
    expect(told).toHaveLength(55)
  })

  it('of 1,000 at once allows exactly as many as the limit', async () => {
    expect(await allowed(createRequestCounts('x', LIMIT, notingStore().store), 1000)).toBe(100)
  })

  it('by five processes that start at once exceeds the limit by less than a tenth for each', async () => {
    const { store } = notingStore()
    const processes = Array.from({ length: 5 }, () => createRequestCounts('x', LIMIT, store))
    let all = 0
    for (let round = 0; round < 100; round++) for (const counts of processes) all += await allowed(counts, 1)
    expect(all).toBeGreaterThanOrEqual(100)
    expect(all).toBeLessThanOrEqual(100 + 5 * 9)
  })

  it('begins anew with the next window', async () => {
    const counts = createRequestCounts('x', LIMIT, notingStore().store)
    expect(await allowed(counts, 101)).toBe(100)
    const end = NOW - (NOW % WINDOW) + WINDOW
    expect(await allowed(counts, 1, 'a', end - 1)).toBe(0)
    expect(await allowed(counts, 101, 'a', end)).toBe(100)
  })

  it('forgets what was given back, before and after it was told', async () => {
    const { store } = notingStore()
    const counts = createRequestCounts('x', LIMIT, store)
    for (let time = 0; time < 1000; time++) {
      expect(await counts.count('a', NOW)).toMatchObject({ allowed: true, remaining: 99 })
      counts.giveBack('a', NOW)
    }
    expect(await allowed(counts, 90)).toBe(90)
    for (let time = 0; time < 1000; time++) {
      expect(await counts.count('a', NOW)).toMatchObject({ allowed: true, remaining: 9 })
      counts.giveBack('a', NOW)
    }
    expect(await allowed(counts, 20)).toBe(10)
    counts.giveBack('b', NOW)
    expect(await allowed(counts, 101, 'b')).toBe(100)
  })

  it('tells the first refusal of a window from the others', async () => {
    const counts = createRequestCounts('x', { requests: 1, window: WINDOW }, notingStore().store)
    const all = [await counts.count('a', NOW), await counts.count('a', NOW), await counts.count('a', NOW)]
    expect(all.map(({ firstRefused }) => firstRefused)).toEqual([false, true, false])
  })

  it.each<[string, RateLimitStore]>([
    ['cannot be reached', { add: async () => Promise.reject(new StoreUnavailable('away')) }],
    ['never answers', { add: () => new Promise(() => undefined) }],
  ])('goes on for itself while the store %s', async (_name, store) => {
    const counts = createRequestCounts('x', LIMIT, store)
    expect(await allowed(counts, 51)).toBe(51)
    for (let time = 0; time < 49; time++) expect(counts.count('a', NOW)).not.toBeInstanceOf(Promise)
    expect(await allowed(counts, 50)).toBe(0)
  })

  it('hears the store where it answered in time, and this process was busy until after that', async () => {
    const listener = createServer().listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const accepted = once(listener, 'connection')
    const near = connect((listener.address() as AddressInfo).port, '127.0.0.1')
    const [far] = (await accepted) as [Socket]
    const add = async () => {
      const answer = once(near, 'data')
      far.write('as if from the store')
      await answer
      return 101
    }
    try {
      const counted = allowed(createRequestCounts('x', { requests: 1, window: WINDOW }, { add }), 1)
      const busySince = performance.now()
      while (performance.now() - busySince < 300);
      expect(await counted).toBe(0)
    } finally {
      near.destroy()
      listener.close()
      await once(listener, 'close')
    }
  })

  it('remembers a caller who keeps on, though 100,000 made-up ones come by, and forgets the oldest of those', async () => {
    const counts = createRequestCounts('x', { requests: 2, window: WINDOW }, { add: async () => 0 })
    expect(await allowed(counts, 3)).toBe(2)
    for (let one = 0; one < 100_000; one++) {
      await counts.count(`2001:db8:${one.toString(16)}::/64`, NOW)
      if (one % 1000 === 0) expect(await allowed(counts, 1)).toBe(0)
    }
    const first = '2001:db8:0::/64'
    expect(await counts.count(first, NOW)).toMatchObject({ remaining: 1 })
  })
})
