import { once } from 'node:events'
import { createServer } from 'node:net'
import { freePort } from '../helpers/free-port.ts'
import { createHttpClient, type HttpClient } from '../helpers/http-client.ts'
import { untilTrue } from '../helpers/redis-command.ts'
import { type RedisServer, startRedisServer } from '../helpers/redis-server.ts'
import { authorizationRequest } from '../helpers/request.ts'
import { PATIENT, testEnvironment } from '../helpers/server.ts'
import { type Build, buildServer, runServer, type ServerProcess, startServer } from '../helpers/server-process.ts'

const LISTENING = 'latchkey is listening'
const DIED = 'a worker died; another one will take its place'

describe('a server of two workers', () => {
  let build: Build
  let redis: RedisServer
  let client: HttpClient
  let server: ServerProcess
  beforeAll(async () => {
    // One after the other: of two at once, the one that came up would be left behind where the other one fails.
    redis = await startRedisServer()
    build = await buildServer()
    client = createHttpClient()
  })
  afterEach(() => server?.stop())
  afterAll(async () => {
    client?.close()
    await redis?.stop()
    await build?.remove()
  })

  const environment = (more = {}) =>
    testEnvironment({ env: { REDIS_URL: redis.url, ...PATIENT, WEB_CONCURRENCY: '2', ...more } })
  const lines = (message: string) => server.logs().filter(({ msg }) => msg === message)
  const logged = async (message: string, times: number) => {
    while (lines(message).length < times) await new Promise((resolve) => setTimeout(resolve, 20))
    return lines(message)
  }
  /** Starts it and answers when both serve. */
  const start = async (more = {}) => {
    server = await startServer(build, environment(more))
    return logged(LISTENING, 2)
  }
  const pidsOf = (said: Array<Record<string, unknown>>) => said.map(({ pid }) => pid as number)
  const isAlive = (pid: number) => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
  const gone = async (pids: number[]) => {
    while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const statuses = async (count: number) => {
    const answers = await Promise.all(
      Array.from({ length: count }, () =>
        client.get(`${server.url}/oauth/authorize?${authorizationRequest().query()}`),
      ),
    )
    return answers.map(({ status }) => status)
  }

  it('has one port for metrics, which counts what all workers did, those that died since included', async () => {
    const port = await freePort()
    const [first] = await start({ METRICS_PORT: `${port}` })
    const operators = `http://127.0.0.1:${port}`
    const answered = async () => {
      const text = (await client.get(`${operators}/metrics`)).text
      return Number(/^latchkey_requests_total\{endpoint="\/oauth\/authorize".*\} (\d+)$/m.exec(text)?.[1])
    }
    /** A worker that is too busy to tell its numbers at once is counted as it last told them. */
    const comesTo = (count: number) => untilTrue(async () => (await answered()) === count, `${count} are counted`)
    expect(await statuses(20)).toEqual(Array(20).fill(302))
    await comesTo(20)
    expect((await client.get(`${operators}/metrics`)).text).toMatch(/^latchkey_build_info\{.*\} 1$/m)
    expect((await client.get(`${operators}/readyz`)).status).toBe(200)
    expect((await client.get(`${operators}/healthz`)).status).toBe(200)
    expect((await client.get(`${operators}/oauth/authorize`)).status).toBe(404)

    process.kill(first?.pid as number, 'SIGKILL')
    await logged(LISTENING, 3)
    expect(await answered()).toBe(20)
    expect(await statuses(5)).toEqual(Array(5).fill(302))
    await comesTo(25)
  })

  it('shares one port, tells its process ids, reads again in every worker at SIGHUP and ends with 0 on SIGTERM', async () => {
    const said = await start()
    expect(said.map(({ worker }) => worker).sort()).toEqual([1, 2])
    expect(new Set(said.map(({ port }) => port)).size).toBe(1)
    const [primary] = lines('starting the workers')
    expect(primary).toMatchObject({ pid: expect.any(Number), workers: 2 })
    expect(await statuses(20)).toEqual(Array(20).fill(302))

    server.signal('SIGHUP')
    const reloads = await logged('clients, users, scopes, resources and keys were read again', 2)
    expect(reloads.map(({ worker }) => worker).sort()).toEqual([1, 2])

    server.signal('SIGTERM')
    expect(await server.ended).toMatchObject({ code: 0, signal: null, stderr: '' })
    expect(lines('stopping')).toHaveLength(2)
    await gone(pidsOf(said))
  })

  it('takes Ctrl-C, which the workers get from the terminal as well, as one wish', async () => {
    const said = await start()
    for (const pid of pidsOf(said)) process.kill(pid, 'SIGINT')
    server.signal('SIGINT')
    expect(await server.ended).toMatchObject({ code: 0, signal: null, stderr: '' })
  })

  it('starts another worker in place of one that dies, and serves meanwhile', async () => {
    const [victim] = pidsOf(await start())
    process.kill(victim as number, 'SIGKILL')
    expect(await logged(DIED, 1)).toEqual([expect.objectContaining({ pid: victim, signal: 'SIGKILL', pause: 100 })])
    expect(await statuses(10)).toEqual(Array(10).fill(302))
    await logged(LISTENING, 3)
    expect(await statuses(10)).toEqual(Array(10).fill(302))
  })

  it('ends as a whole when its primary is killed', async () => {
    const said = await start()
    server.signal('SIGKILL')
    await server.ended
    await gone(pidsOf(said))
  })

  it('gives up with 1 where workers die at their start', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const { code, stdout, stderr } = await runServer(build, { ...environment(), HOST: '127.0.0.1', PORT: `${port}` })
    taken.close()
    expect([code, stderr]).toEqual([1, ''])
    expect(stdout.match(/"msg":"cannot listen"/g)?.length).toBeGreaterThanOrEqual(5)
    expect(stdout).toContain('the workers die at their start; giving up')
  })

  it('refuses to run without what all workers must have in common', async () => {
    const { code, stderr } = await runServer(build, { WEB_CONCURRENCY: '2' })
    expect(code).toBe(78)
    expect(stderr.match(/is required where WEB_CONCURRENCY is more than 1/g)).toHaveLength(3)
  })
})
