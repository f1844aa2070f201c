import { once } from 'node:events'
import { Redis } from 'ioredis'
import { gatherWrites } from '../../src/store/redis/gather-writes.ts'
import { type RedisServer, startRedisServer } from '../helpers/redis-server.ts'

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

describe('commands that are gathered', () => {
  let server: RedisServer
  let redis: Redis
  beforeAll(async () => {
    server = await startRedisServer()
  })
  afterAll(() => server?.stop())
  beforeEach(async () => {
    redis = new Redis(server.url, { disconnectTimeout: 100 })
    gatherWrites(redis)
    await once(redis, 'ready')
  })
  afterEach(() => redis.disconnect())

  it('leave together at the end of the turn, and are answered in their order', async () => {
    const answers = [redis.set('a', '1'), redis.incr('a'), redis.get('a')]
    expect(redis.stream.writableLength).toBeGreaterThan(0)
    await nextTurn()
    expect(redis.stream.writableLength).toBe(0)
    expect(await Promise.all(answers)).toEqual(['OK', 2, '2'])
  })

  it('leave in the next turn as well, and over the next connection', async () => {
    expect(await redis.incr('b')).toBe(1)
    expect(await redis.incr('b')).toBe(2)
    redis.stream.destroy()
    await once(redis, 'ready')
    expect(await Promise.all([redis.incr('b'), redis.incr('b')])).toEqual([3, 4])
  })

  it('still leave where the connection is told to end in the same turn', async () => {
    const answer = redis.incr('c')
    redis.disconnect()
    expect(await answer).toBe(1)
  })

  it('fail where the connection breaks in the same turn', async () => {
    const answer = expect(redis.incr('d')).rejects.toThrow(/closed|reset|retries/)
    redis.stream.destroy()
    redis.disconnect()
    await answer
  })
})
