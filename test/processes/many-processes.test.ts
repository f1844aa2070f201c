import { makeKey } from '../../src/keys/make-key.ts'
import { alice } from '../helpers/fixtures.ts'
import {
  type Answer,
  createHttpClient,
  createRemoteBrowser,
  type HttpClient,
  type RemoteBrowser,
} from '../helpers/http-client.ts'
import { type RedisServer, startRedisServer } from '../helpers/redis-server.ts'
import { authorizationRequest } from '../helpers/request.ts'
import { PATIENT, testEnvironment } from '../helpers/server.ts'
import { type Build, buildServer, type ServerProcess, startServer } from '../helpers/server-process.ts'

const ROUNDS = 50
const AT_ONCE = 200
/** So long that on a busy machine nothing is over before all have asked for it. */
const TIMES = { AUTHORIZATION_CODE_TTL: '600', REFRESH_TOKEN_GRACE: '60' }

describe('two server processes on one Redis', () => {
  let build: Build
  let redis: RedisServer
  let servers: ServerProcess[]
  let client: HttpClient
  let browser: RemoteBrowser
  beforeAll(async () => {
    const jwk = await makeKey('ES256', 'active')
    // One after the other: of two at once, the one that came up would be left behind where the other one fails.
    redis = await startRedisServer()
    build = await buildServer()
    const SIGNING_KEYS = JSON.stringify({ keys: [jwk] })
    const env = testEnvironment({
      env: { REDIS_URL: redis.url, ...PATIENT, ...TIMES, SIGNING_KEYS, RATE_LIMITS: 'off' },
    })
    servers = []
    for (let index = 0; index < 2; index++) servers.push(await startServer(build, env))
    client = createHttpClient(AT_ONCE / 2)
    browser = createRemoteBrowser(client, serverOf(0).url)
    await browser.signIn(authorizationRequest(), alice)
  })
  afterAll(async () => {
    client?.close()
    await Promise.all((servers ?? []).map((server) => server.stop()))
    await redis?.stop()
    await build?.remove()
  })

  const serverOf = (index: number) => servers[index % servers.length] as ServerProcess

  /** Sends one form that many times at once, to the servers in turn. */
  const ask = (times: number, form: Record<string, string>): Promise<Answer[]> =>
    Promise.all(Array.from({ length: times }, (_, index) => client.post(`${serverOf(index).url}/oauth/token`, form)))

  const refreshForm = (refresh_token: string) => ({ grant_type: 'refresh_token', client_id: 'app', refresh_token })
  const refusal = { status: 400, error: 'invalid_grant' }
  const told = ({ status, text }: Answer) => ({ status, error: JSON.parse(text).error })

  /** The first tokens of a new authorization. */
  async function tokens(): Promise<{ refresh_token: string }> {
    const request = authorizationRequest()
    const [answer] = await ask(1, request.redeem(await browser.code(request)))
    return JSON.parse(answer?.text ?? '')
  }

  it(`let one of ${AT_ONCE} redemptions of a code succeed and end what it gave, ${ROUNDS} times over`, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const request = authorizationRequest()
      const answers = await ask(AT_ONCE, request.redeem(await browser.code(request)))
      const [winner, ...others] = answers.filter(({ status }) => status === 200)
      expect(others).toEqual([])
      const losers = answers.filter((answer) => answer !== winner).map(told)
      expect(losers).toEqual(Array(AT_ONCE - 1).fill(refusal))
      const refreshes = await ask(2, refreshForm(JSON.parse(winner?.text ?? '').refresh_token))
      expect(refreshes.map(told)).toEqual([refusal, refusal])
    }
  }, 600_000)

  it('give 100 refreshes with one token the same successor, and end everything for its grandparent', async () => {
    const grandparent = (await tokens()).refresh_token
    const [first] = await ask(1, refreshForm(grandparent))
    const parent = JSON.parse(first?.text ?? '').refresh_token
    const answers = await ask(100, refreshForm(parent))
    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200))
    const successors = [...new Set(answers.map(({ text }) => JSON.parse(text).refresh_token))]
    expect(successors).toHaveLength(1)
    expect(successors[0]).not.toBe(parent)

    expect((await ask(1, refreshForm(grandparent))).map(told)).toEqual([refusal])
    expect((await ask(2, refreshForm(successors[0]))).map(told)).toEqual([refusal, refusal])
  })

  it('let one go on with what the other began, and agree on keys and documents', async () => {
    const request = authorizationRequest()
    const code = await browser.code(request)
    const redeemed = await client.post(`${serverOf(1).url}/oauth/token`, request.redeem(code))
    expect(redeemed.status).toBe(200)
    for (const path of ['/.well-known/jwks.json', '/.well-known/oauth-authorization-server']) {
      const [here, there] = await Promise.all(servers.map(({ url }) => client.get(url + path)))
      expect(here?.text).toBe(there?.text)
    }
    const stranger = createRemoteBrowser(client, serverOf(0).url)
    const { headers } = await stranger.get(`/oauth/authorize?${request.query()}`)
    const page = await client.get(serverOf(1).url + headers.location, stranger.cookie())
    expect(page.text).toContain('name="password"')
  })

  it('go on when one of them is killed', async () => {
    let { refresh_token } = await tokens()
    serverOf(0).signal('SIGKILL')
    await serverOf(0).ended
    for (let times = 0; times < 3; times++) {
      const answer = await client.post(`${serverOf(1).url}/oauth/token`, refreshForm(refresh_token))
      expect(answer.status).toBe(200)
      refresh_token = JSON.parse(answer.text).refresh_token
    }
  })
})
