import { alice } from '../helpers/fixtures.ts'
import { createHttpClient, createRemoteBrowser, type HttpClient } from '../helpers/http-client.ts'
import { type RedisServer, startRedisServer } from '../helpers/redis-server.ts'
import { authorizationRequest } from '../helpers/request.ts'
import { createRoundRobinProxy, type RoundRobinProxy } from '../helpers/round-robin-proxy.ts'
import { PATIENT, testEnvironment } from '../helpers/server.ts'
import { type Build, buildServer, type ServerProcess, startServer } from '../helpers/server-process.ts'

const PEOPLE = 6
/** Far longer than the proxy's round of a few milliseconds; that it was is seen below. */
const DRAIN_DELAY = '8'

describe('servers behind a proxy that takes turns', () => {
  let build: Build
  let redis: RedisServer
  let proxy: RoundRobinProxy
  let servers: ServerProcess[]
  let clients: HttpClient[] = []
  beforeAll(async () => {
    // One after the other: of two at once, the one that came up would be left behind where the other one fails.
    redis = await startRedisServer()
    build = await buildServer()
  })
  beforeEach(async () => {
    servers = []
    clients = []
    proxy = await createRoundRobinProxy()
  })
  afterEach(async () => {
    for (const client of clients) client.close()
    await Promise.all(servers.map((server) => server.stop()))
    await proxy?.close()
  })
  afterAll(async () => {
    await redis?.stop()
    await build?.remove()
  })

  /** One more server behind the proxy. */
  const start = async (env: Record<string, string> = {}) => {
    const server = await startServer(
      build,
      testEnvironment({ env: { REDIS_URL: redis.url, ...PATIENT, DRAIN_DELAY, RATE_LIMITS: 'off', ...env } }),
    )
    servers.push(server)
    await proxy.add(server.url)
    return server
  }

  it.each([
    ['one process each', {}],
    ['two workers each', { WEB_CONCURRENCY: '2' }],
  ])(
    'are restarted one after the other without a failed request (%s)',
    async (_name, env) => {
      const first = [await start(env), await start(env)]
      let over = false
      let flows = 0
      const failed: unknown[] = []

      /** Somebody who is signed in and goes through one flow after the other, over a connection that stays open. */
      const person = async () => {
        const client = createHttpClient(1)
        clients.push(client)
        const post = async (form: Record<string, string>) => {
          const { status, text } = await client.post(`${proxy.url}/oauth/token`, form)
          if (status !== 200) throw new Error(`${status} ${text}`)
          return JSON.parse(text) as { refresh_token: string }
        }
        const browser = createRemoteBrowser(client, proxy.url)
        await browser.signIn(authorizationRequest(), alice)
        while (!over) {
          try {
            const wanted = authorizationRequest()
            let { refresh_token } = await post(wanted.redeem(await browser.code(wanted)))
            for (let times = 0; times < 3; times++) {
              refresh_token = (await post({ grant_type: 'refresh_token', client_id: 'app', refresh_token }))
                .refresh_token
            }
            flows++
          } catch (error) {
            failed.push(String(error))
          }
        }
      }
      const more = async (count: number) => {
        const enough = flows + count
        while (flows < enough && failed.length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
      }
      const people = Promise.all(Array.from({ length: PEOPLE }, person))
      await more(20)

      for (const old of first) {
        old.signal('SIGTERM')
        await proxy.isOut(old.url)
        // The proxy had seen it before the port was closed: else this would be a test of something else.
        expect(old.alive()).toBe(true)
        expect(await old.ended).toMatchObject({ code: 0, signal: null, stderr: '' })
        const next = await start(env)
        await more(20)
        expect(proxy.answered(next.url)).toBeGreaterThan(0)
      }
      over = true
      await people
      expect(failed).toEqual([])
    },
    600_000,
  )
})
