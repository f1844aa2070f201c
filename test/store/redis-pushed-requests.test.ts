import { alice } from '../helpers/fixtures.ts'
import { push, pushed } from '../helpers/push.ts'
import { type RedisServer, startRedisServer } from '../helpers/redis-server.ts'
import { type RedisWatch, watchRedis } from '../helpers/redis-watch.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

const PREFIX = 'watched:'

describe('what pushed requests ask of Redis and leave there', () => {
  let redisServer: RedisServer
  let server: TestServer
  let watch: RedisWatch
  beforeAll(async () => {
    redisServer = await startRedisServer()
    watch = await watchRedis(redisServer.url)
    server = await testServer({ store: 'redis', env: { REDIS_URL: redisServer.url, REDIS_KEY_PREFIX: PREFIX } })
  })
  afterAll(async () => {
    await server?.close()
    await watch?.close()
    await redisServer?.stop()
  })

  const keysOf = async (requestUri: string) => {
    const id = /([\w-]{22})\./.exec(requestUri)?.[1] as string
    const keys = [...(await watch.dump()).keys()].filter((key) => key.includes(id))
    for (const key of keys) expect(await watch.redis.pttl(key)).toBeGreaterThan(0)
    return keys.map((key) => key.slice(PREFIX.length).split(':')[0]).sort()
  }

  it('one trip to push, one to open, one to find the person, one to issue the code', async () => {
    const browser = server.browser()
    await browser.authorize(server.request(), { login: alice, consent: 'allow' })
    await browser.authorize(await pushed(server, server.request()))

    let wanted = await pushed(server, server.request())
    const pushing = await watch.during(async () => {
      wanted = await pushed(server, server.request())
    })
    expect(pushing).toEqual(['evalsha'])
    expect(await keysOf(wanted.requestUri)).toEqual(['pushed'])
    const opening = await watch.during(() => browser.authorize(wanted))
    expect(opening).toEqual(['evalsha', 'evalsha', 'evalsha'])
    expect(await keysOf(wanted.requestUri)).toEqual(['authorization', 'interaction'])
  })

  it('a request is in one place at a time: pushed, and then an interaction', async () => {
    const wanted = await pushed(server, server.request())
    expect(await keysOf(wanted.requestUri)).toEqual(['pushed'])
    await server.browser().begin(wanted)
    expect(await keysOf(wanted.requestUri)).toEqual(['interaction'])
  })

  it('what is refused for itself asks nothing and stores nothing', async () => {
    const commands = await watch.during(async () => {
      await push(server, server.request({ redirect_uri: 'https://evil.example/' }).params)
      await push(server, server.request({ code_challenge: undefined }).params)
      const forged = new URLSearchParams({
        client_id: 'app',
        request_uri: `urn:ietf:params:oauth:request_uri:${'A'.repeat(22)}.${'A'.repeat(43)}`,
      })
      await server.browser().get(`/oauth/authorize?${forged}`)
    })
    expect(commands).toEqual([])
  })

  it('whoever reads Redis cannot make a request_uri of what is there', async () => {
    const { requestUri } = await pushed(server, server.request())
    const proof = requestUri.slice(requestUri.indexOf('.') + 1)
    expect(proof).toHaveLength(43)
    expect([...(await watch.dump())].flat().join('\n')).not.toContain(proof)
  })
})
