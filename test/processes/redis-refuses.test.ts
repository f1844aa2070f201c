import request from 'supertest'
import { redisCommand } from '../helpers/redis-command.ts'
import { type RedisServer, startRedisServer } from '../helpers/redis-server.ts'
import { PATIENT, type TestServer, testEnvironment, testServer } from '../helpers/server.ts'
import { type Build, buildServer, startServer } from '../helpers/server-process.ts'

describe('a server whose Redis refuses writes', () => {
  let redis: RedisServer
  let server: TestServer
  beforeAll(async () => {
    redis = await startRedisServer()
    server = await testServer({ store: 'redis', env: { REDIS_URL: redis.url } })
  })
  afterAll(async () => {
    await server?.close()
    await redis?.stop()
  })

  it('answers 503, tells why to the log and to readiness, and has spent nothing when it is over', async () => {
    const wanted = server.request()
    const code = await server.code(wanted)
    await redisCommand(redis.port, 'CONFIG', 'SET', 'maxmemory', '1')

    const refused = await server.token(wanted.redeem(code))
    expect(refused.status).toBe(503)
    expect(refused.headers['retry-after']).toBe('2')
    expect(refused.body.error).toBe('temporarily_unavailable')
    expect(refused.text).not.toMatch(/OOM|redis/i)
    const line = server.logs().find(({ cause }) => cause === 'store-unavailable')
    expect(line).toMatchObject({ err: { message: expect.stringMatching(/^the store is out of reach: .*\bOOM\b/) } })

    const ready = await request(server.app).get('/readyz')
    expect(ready.status).toBe(503)
    expect(ready.body).toEqual({
      status: 'unavailable',
      reasons: ['Redis: its memory is full and it refuses writes (OOM): raise maxmemory'],
    })

    await redisCommand(redis.port, 'CONFIG', 'SET', 'maxmemory', '0')
    expect((await request(server.app).get('/readyz')).body).toEqual({ status: 'ready' })
    expect((await server.token(wanted.redeem(code))).status).toBe(200)
  })
})

describe('the start of a server', () => {
  let build: Build
  beforeAll(async () => {
    build = await buildServer()
  })
  afterAll(() => build?.remove())

  it('warns of what its Redis puts at risk, and shows no password', async () => {
    const redis = await startRedisServer({
      settings: ['--requirepass', 'Zq8wKx3v', '--maxmemory-policy', 'volatile-lru'],
    })
    const env = testEnvironment({ env: { REDIS_URL: redis.url.replace('//', '//:Zq8wKx3v@'), ...PATIENT } })
    const server = await startServer(build, env)
    try {
      const warned = server.logs().flatMap(({ level, msg }) => (level === 'warn' ? [String(msg)] : []))
      expect(warned).toContainEqual(expect.stringMatching(/^Redis: maxmemory-policy is volatile-lru/))
      expect(warned).toContainEqual(expect.stringMatching(/^Redis: it keeps nothing on disk/))
      expect(JSON.stringify(server.logs()) + server.stderr()).not.toContain('Zq8wKx3v')
    } finally {
      await server.stop()
      await redis.stop()
    }
  })
})
