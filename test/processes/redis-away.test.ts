import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { alice } from '../helpers/fixtures.ts'
import { type Answer, createHttpClient, createRemoteBrowser, type HttpClient } from '../helpers/http-client.ts'
import { untilTrue } from '../helpers/redis-command.ts'
import { type RedisServer, startRedisServer } from '../helpers/redis-server.ts'
import { authorizationRequest } from '../helpers/request.ts'
import { testEnvironment } from '../helpers/server.ts'
import { type Build, buildServer, type ServerProcess, startServer } from '../helpers/server-process.ts'
import { createSilentProxy } from '../helpers/silent-proxy.ts'

/** What the server promises while its store is away: an answer within this time, in milliseconds. */
const PROMISE = 2000
const BETWEEN_LOOKS = 20

describe('a server whose Redis goes away', () => {
  let build: Build
  let client: HttpClient
  let redis: RedisServer
  let server: ServerProcess
  beforeAll(async () => {
    build = await buildServer()
    client = createHttpClient()
  })
  beforeEach(async () => {
    redis = await startRedisServer()
    server = await startServer(build, testEnvironment({ env: { REDIS_URL: redis.url } }))
  })
  afterEach(async () => {
    await server?.stop()
    await redis?.stop()
  })
  afterAll(async () => {
    client?.close()
    await build?.remove()
  })

  const refresh = (refresh_token: string) =>
    client.post(`${server.url}/oauth/token`, { grant_type: 'refresh_token', client_id: 'app', refresh_token })

  /** Requests of every kind that needs the store, with handles that only the store can judge. */
  async function prepare(): Promise<Record<string, () => Promise<Answer>>> {
    const browser = createRemoteBrowser(client, server.url)
    const first = authorizationRequest()
    const form = first.redeem(await browser.signIn(first, alice))
    const tokens = JSON.parse((await client.post(`${server.url}/oauth/token`, form)).text)
    const second = authorizationRequest()
    const unused = second.redeem(await browser.code(second))
    const stranger = createRemoteBrowser(client, server.url)
    const waiting = String((await stranger.get(`/oauth/authorize?${first.query()}`)).headers.location)
    expect((await stranger.get(waiting)).status).toBe(200)
    return {
      'a redemption': () => client.post(`${server.url}/oauth/token`, unused),
      'a refresh': () => refresh(tokens.refresh_token),
      'authorize for a stranger': () => client.get(`${server.url}/oauth/authorize?${first.query()}`),
      'authorize for someone signed in': () => browser.get(`/oauth/authorize?${first.query()}`),
      'a sign-in page': () => stranger.get(waiting),
      'a sign-in': () => client.post(`${server.url}${waiting}`, { step: 'login' }, stranger.cookie()),
    }
  }

  /**
   * What the machine adds to the time of an answer, watched while that is waited for: an answer is late by this at its
   * beginning, at its end and where it is read.
   */
  function watchLateness(): () => Promise<number> {
    let over = false
    let longest = 0
    const watching = (async () => {
      while (!over) {
        const begun = performance.now()
        await pause(BETWEEN_LOOKS)
        await client.get(`${server.url}/healthz`)
        longest = Math.max(longest, performance.now() - begun - BETWEEN_LOOKS)
      }
    })()
    return async () => {
      over = true
      await watching
      return 3 * longest
    }
  }

  async function expectAway(requests: Record<string, () => Promise<Answer>>): Promise<void> {
    for (const [name, send] of Object.entries(requests)) {
      const lateness = watchLateness()
      const { status, headers, text, took } = await send()
      const inTime = took < PROMISE + (await lateness())
      expect([name, status, headers['retry-after']]).toEqual([name, 503, expect.stringMatching(/^[1-9][0-9]*$/)])
      expect([name, inTime || took]).toEqual([name, true])
      if (/^application\/json/.test(headers['content-type'] ?? '')) {
        expect(JSON.parse(text)).toMatchObject({ error: 'temporarily_unavailable' })
      } else {
        expect(text).toContain('One moment, please')
      }
    }
    const lateness = watchLateness()
    const ready = await client.get(`${server.url}/readyz`)
    const inTime = ready.took < PROMISE + (await lateness())
    expect([ready.status, inTime || ready.took]).toEqual([503, true])
    expect((await client.get(`${server.url}/healthz`)).status).toBe(200)
  }

  async function expectBack(): Promise<void> {
    await untilTrue(async () => (await client.get(`${server.url}/readyz`)).status === 200, 'the server is ready again')
    const request = authorizationRequest()
    const code = await createRemoteBrowser(client, server.url).signIn(request, alice)
    const redeemed = await client.post(`${server.url}/oauth/token`, request.redeem(code))
    expect(redeemed.status).toBe(200)
    expect((await refresh(JSON.parse(redeemed.text).refresh_token)).status).toBe(200)
  }

  /** Resolves when that many connections to the port were tried, and refused. */
  async function attemptsAt(port: number, attempts: number): Promise<void> {
    const listener = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1')
    for (let attempt = 0; attempt < attempts; attempt++) await once(listener, 'connection')
    listener.close()
    await once(listener, 'close')
  }

  /** Still the same process, and nothing happened in it that nobody foresaw. */
  function expectCalm(): void {
    expect(server.alive()).toBe(true)
    expect(server.stderr()).toBe('')
    expect(server.logs().filter(({ cause, level }) => cause === 'unexpected' || level === 'fatal')).toEqual([])
  }

  it('answers 503 in time after a crash of Redis, and works again without a restart once it is back', async () => {
    const requests = await prepare()
    redis.signal('SIGKILL')
    await expectAway(requests)
    // Away for long enough that a connection which gives up after some attempts has done so.
    const { port } = redis
    await redis.stop()
    await attemptsAt(port, 8)
    redis = await startRedisServer({ port })
    await expectBack()
    expectCalm()
    const told = server.logs().map(({ msg }) => msg)
    expect(told.filter((msg) => msg === 'Redis is out of reach')).toHaveLength(1)
    expect(told.filter((msg) => msg === 'Redis is back')).toHaveLength(1)
  })

  it('answers 503 in time while Redis hangs, and works again once it goes on', async () => {
    const requests = await prepare()
    redis.signal('SIGSTOP')
    await expectAway(requests)
    redis.signal('SIGCONT')
    await expectBack()
    expectCalm()
  })

  it('answers many at once in time while Redis hangs', async () => {
    const requests = Object.values(await prepare())
    redis.signal('SIGSTOP')
    const lateness = watchLateness()
    const answers = await Promise.all(Array.from({ length: 48 }, (_, index) => requests[index % requests.length]?.()))
    const inTime = PROMISE + (await lateness())
    expect(answers.map((answer) => answer?.status)).toEqual(Array(48).fill(503))
    expect(answers.filter((answer) => (answer?.took ?? inTime) >= inTime)).toEqual([])
    redis.signal('SIGCONT')
    await expectBack()
    expectCalm()
  })

  it('gives a client whose refresh was answered by 503 its successor when it asks again', async () => {
    const browser = createRemoteBrowser(client, server.url)
    const request = authorizationRequest()
    const code = await browser.signIn(request, alice)
    const { refresh_token } = JSON.parse((await client.post(`${server.url}/oauth/token`, request.redeem(code))).text)
    redis.signal('SIGSTOP')
    expect((await refresh(refresh_token)).status).toBe(503)
    redis.signal('SIGCONT')
    await expectBack()
    // Redis may have carried the rotation out when it woke up: the same token still leads to the same successor.
    const again = await refresh(refresh_token)
    expect(again.status).toBe(200)
    expect((await refresh(JSON.parse(again.text).refresh_token)).status).toBe(200)
  })

  it('leaves a connection that has gone silent, as where a host vanished, and takes a new one', async () => {
    const proxy = await createSilentProxy(redis.port)
    try {
      await server.stop()
      server = await startServer(build, testEnvironment({ env: { REDIS_URL: `redis://127.0.0.1:${proxy.port}` } }))
      const requests = await prepare()
      proxy.silence()
      // It is asked again over the new connection: answered where that came in time, else refused.
      const lateness = watchLateness()
      const answer = await (requests['a refresh'] as () => Promise<Answer>)()
      const inTime = answer.took < PROMISE + (await lateness())
      expect([200, 503]).toContain(answer.status)
      expect(inTime || answer.took).toBe(true)
      await expectBack()
      expectCalm()
    } finally {
      await proxy.close()
    }
  })
})
