import request from 'supertest'
import { CLIENT_SECRET, confidentialClient, publicClient } from '../helpers/fixtures.ts'
import { freshPrefix, onBothStores, type StoreName, type TestServer, testServer } from '../helpers/server.ts'

const RIGHT = CLIENT_SECRET
const WRONG = 'not-the-client-secret-but-as-long-as-it-is'
/** An address of the documentation ranges, which no test runs at. */
const HOME = '203.0.113.7'
const ELSEWHERE = '198.51.100.4'
/** What a client gets that proved who it is and sent a refresh token that is none. */
const PROVEN = 400
const FAILED = 401
const REFUSED = 429

const otherClient = { ...confidentialClient, client_id: 'other' }

let servers: TestServer[] = []
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()))
  servers = []
})

const open = async (store: StoreName, env: Record<string, string> = { TRUST_PROXY: 'loopback' }) => {
  const server = await testServer({ store, env, clients: [publicClient, confidentialClient, otherClient] })
  servers.push(server)
  return server
}

interface Guess {
  clientId?: string
  /** What stands in X-Forwarded-For; left out where undefined. */
  from?: string | undefined
  path?: string
  road?: 'header' | 'form'
}

/** Presents a secret, by default as the confidential client from HOME in the header. */
const present = (server: TestServer, secret: string, guess: Guess = {}) => {
  const { clientId = 'backend', path = '/oauth/token', road = 'header' } = guess
  const from = 'from' in guess ? guess.from : HOME
  const form = { grant_type: 'refresh_token', refresh_token: 'x', token: 'x' }
  const basic = `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`
  return request(server.app)
    .post(path)
    .type('form')
    .set(from === undefined ? {} : { 'X-Forwarded-For': from })
    .set(road === 'header' ? { Authorization: basic } : {})
    .send(road === 'header' ? form : { ...form, client_id: clientId, client_secret: secret })
}

const statuses = async (server: TestServer, secret: string, times: number, guess: Guess = {}) => {
  const seen: number[] = []
  for (let time = 0; time < times; time++) seen.push((await present(server, secret, guess)).status)
  return seen
}

const fiveFailures = (server: TestServer, guess: Guess = {}) => statuses(server, WRONG, 5, guess)

onBothStores('guessing a client secret', (store) => {
  it('fails five times as ever, and is then refused with 429 and the time to wait', async () => {
    const server = await open(store)
    expect(await fiveFailures(server)).toEqual(Array(5).fill(FAILED))
    const refused = await present(server, WRONG)
    expect(refused.status).toBe(REFUSED)
    expect(refused.headers['retry-after']).toBe('1')
    expect(refused.headers['cache-control']).toBe('no-store')
    expect(refused.headers['www-authenticate']).toBeUndefined()
    expect(refused.body).toEqual({
      error: 'temporarily_unavailable',
      error_description: 'too many failed client authentications; try again later',
    })
  })

  it('tells nothing of the secret while it is refused: right and wrong look the same', async () => {
    const server = await open(store)
    await fiveFailures(server)
    const shown = async (secret: string) => {
      const { status, body, headers } = await present(server, secret)
      const { date, ratelimit, 'latchkey-error-id': errorId, 'x-request-id': requestId, ...rest } = headers
      return { status, body, headers: rest, left: Number(/r=(\d+)/.exec(ratelimit as string)?.[1]) }
    }
    const right = await shown(RIGHT)
    const wrong = await shown(WRONG)
    expect(right).toEqual({ ...wrong, left: wrong.left + 1 })
  })

  it('gets slower with each failure, up to one guess a minute, and each wait ends by itself', async () => {
    const server = await open(store)
    await fiveFailures(server)
    const waits: number[] = []
    for (let failure = 0; failure < 9; failure++) {
      const seconds = Number((await present(server, WRONG)).headers['retry-after'])
      waits.push(seconds)
      server.clock.advance({ seconds: seconds - 0.001 })
      expect((await present(server, WRONG)).status).toBe(REFUSED)
      server.clock.advance({ seconds: 0.001 })
      expect((await present(server, WRONG)).status).toBe(FAILED)
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60])
  })

  it('gets no further by guessing a hundred at once', async () => {
    const server = await open(store)
    const answers = await Promise.all(Array.from({ length: 100 }, () => present(server, WRONG)))
    const count = (status: number) => answers.filter((answer) => answer.status === status).length
    expect([count(FAILED), count(REFUSED)]).toEqual([5, 95])
  })

  it('gets no further by taking another road or another spelling of the client', async () => {
    const server = await open(store)
    await statuses(server, WRONG, 2)
    await statuses(server, WRONG, 2, { road: 'form' })
    await statuses(server, WRONG, 1, { clientId: 'back%65nd' })
    expect((await present(server, WRONG)).status).toBe(REFUSED)
  })

  it.each(['/oauth/introspect', '/oauth/revoke'])('gets no further by going on at %s', async (path) => {
    const server = await open(store)
    expect(await statuses(server, WRONG, 3, { path })).toEqual(Array(3).fill(FAILED))
    await statuses(server, WRONG, 2)
    expect((await present(server, RIGHT, { path })).status).toBe(REFUSED)
  })

  it('leaves the true client alone at every other address', async () => {
    const server = await open(store)
    await statuses(server, WRONG, 20)
    expect(await statuses(server, RIGHT, 10, { from: ELSEWHERE })).toEqual(Array(10).fill(PROVEN))
  })

  it('leaves other clients at the same address alone', async () => {
    const server = await open(store)
    await statuses(server, WRONG, 20)
    expect((await present(server, RIGHT, { clientId: 'other' })).status).toBe(PROVEN)
  })

  it('lets the true client in at the same address once the wait is over, and forgets the failures', async () => {
    const server = await open(store)
    await fiveFailures(server)
    expect((await present(server, RIGHT)).status).toBe(REFUSED)
    server.clock.advance({ seconds: 1 })
    expect((await present(server, RIGHT)).status).toBe(PROVEN)
    expect(await fiveFailures(server)).toEqual(Array(5).fill(FAILED))
  })

  it('is forgotten after a quarter of an hour without failures', async () => {
    const server = await open(store)
    await statuses(server, WRONG, 4)
    server.clock.advance({ seconds: 15 * 60 })
    expect(await fiveFailures(server)).toEqual(Array(5).fill(FAILED))
    expect((await present(server, WRONG)).status).toBe(REFUSED)
  })

  it('counts for clients that nobody registered too, so that both kinds of names look the same', async () => {
    const server = await open(store)
    expect(await statuses(server, WRONG, 6, { clientId: 'no-such-client' })).toEqual([
      ...Array(5).fill(FAILED),
      REFUSED,
    ])
  })

  it('gives whoever sprays over many clients no more than one guess for each client of ours', async () => {
    const server = await open(store)
    for (let index = 0; index < 100; index++) await present(server, WRONG, { clientId: `name-${index}` })
    expect((await present(server, WRONG, { clientId: 'another-name' })).status).toBe(REFUSED)
    // Whoever did nothing wrong passes, whatever others send from the same address.
    expect((await present(server, RIGHT)).status).toBe(PROVEN)
    expect(await statuses(server, WRONG, 2, { clientId: 'other' })).toEqual([REFUSED, REFUSED])
    expect((await present(server, RIGHT, { clientId: 'other' })).status).toBe(REFUSED)
    server.clock.advance({ seconds: 1 })
    expect((await present(server, RIGHT, { clientId: 'other' })).status).toBe(PROVEN)
  })

  it('never touches public clients, which have nothing to guess: no limit and no trip to the store', async () => {
    const server = await open(store)
    const judge = jest.spyOn(server.deps.store.attempts, 'judge')
    const form = { grant_type: 'refresh_token', refresh_token: 'x', client_id: 'app' }
    for (let time = 0; time < 20; time++) {
      expect((await server.token(form, { 'X-Forwarded-For': HOME })).body.error).toBe('invalid_grant')
    }
    expect(judge).not.toHaveBeenCalled()
    // A secret where there is none is a failure like any other, but it does not come back on the client's own requests.
    expect((await statuses(server, WRONG, 6, { clientId: 'app' })).at(-1)).toBe(REFUSED)
    expect((await server.token(form, { 'X-Forwarded-For': HOME })).body.error).toBe('invalid_grant')
  })

  it('costs a client that is right one trip to the store', async () => {
    const server = await open(store)
    const judge = jest.spyOn(server.deps.store.attempts, 'judge')
    await present(server, RIGHT)
    expect(judge).toHaveBeenCalledTimes(1)
  })

  it('is told to the audit log as a warning when a wait begins, without the secret', async () => {
    const server = await open(store)
    await statuses(server, WRONG, 8)
    const guessing = server.events().filter(({ audit }) => audit === 'client.guessing')
    expect(guessing).toEqual([
      expect.objectContaining({
        level: 'warn',
        client_id: 'backend',
        network: HOME,
        over: 'name',
        failures: 5,
        wait: 1,
      }),
    ])
    expect(server.logs()).toContainEqual(
      expect.objectContaining({ status: 429, cause: 'guessing', client_id: 'backend', network: HOME }),
    )
    expect(server.logText()).not.toContain(WRONG)
  })

  it('writes no long name of a stranger to the log', async () => {
    const server = await open(store)
    await statuses(server, WRONG, 6, { clientId: 'x'.repeat(5000), road: 'form' })
    expect(server.logText()).not.toContain('x'.repeat(201))
  })
})

onBothStores('the address that guesses are counted by', (store) => {
  it('is the real peer by default: a made-up X-Forwarded-For changes nothing', async () => {
    const server = await open(store, {})
    for (let index = 0; index < 5; index++) await present(server, WRONG, { from: `203.0.113.${index}` })
    expect((await present(server, WRONG, { from: ELSEWHERE })).status).toBe(REFUSED)
    expect((await present(server, WRONG, { from: undefined })).status).toBe(REFUSED)
  })

  it('is what the trusted proxy saw, not what the caller says went before (TRUST_PROXY=loopback)', async () => {
    const server = await open(store, { TRUST_PROXY: 'loopback' })
    for (let index = 0; index < 5; index++) await present(server, WRONG, { from: `192.0.2.${index}, ${HOME}` })
    expect((await present(server, RIGHT, { from: `192.0.2.99, ${HOME}` })).status).toBe(REFUSED)
    expect((await present(server, RIGHT, { from: `${HOME}, ${ELSEWHERE}` })).status).toBe(PROVEN)
  })

  it('is what stands as many hops away as there are proxies (TRUST_PROXY=2)', async () => {
    const server = await open(store, { TRUST_PROXY: '2' })
    for (let index = 0; index < 5; index++)
      await present(server, WRONG, { from: `192.0.2.${index}, ${HOME}, 10.0.0.1` })
    expect((await present(server, RIGHT, { from: `192.0.2.99, ${HOME}, 10.0.0.2` })).status).toBe(REFUSED)
    expect((await present(server, RIGHT, { from: `${HOME}, ${ELSEWHERE}, 10.0.0.1` })).status).toBe(PROVEN)
  })

  it('is for IPv6 the whole /64, since a caller has all of its addresses', async () => {
    const server = await open(store)
    for (let index = 0; index < 5; index++) await present(server, WRONG, { from: `2001:db8:1:2::${index}` })
    expect((await present(server, RIGHT, { from: '2001:db8:1:2:ffff::9' })).status).toBe(REFUSED)
    expect((await present(server, RIGHT, { from: '2001:db8:1:3::9' })).status).toBe(PROVEN)
  })
})

describe('the store that guesses are counted in', () => {
  it('is shared: two processes count together, and a success at one is one at both', async () => {
    const env = { TRUST_PROXY: 'loopback', REDIS_KEY_PREFIX: freshPrefix() }
    const [one, two] = [await open('redis', env), await open('redis', env)]
    await statuses(one, WRONG, 3)
    await statuses(two, WRONG, 2)
    for (const server of [one, two]) expect((await present(server, RIGHT)).status).toBe(REFUSED)
    for (const server of [one, two]) server.clock.advance({ seconds: 2 })
    expect((await present(one, RIGHT)).status).toBe(PROVEN)
    expect(await statuses(two, WRONG, 4)).toEqual(Array(4).fill(FAILED))
  })

  it('refuses every secret while it is out of reach, and does not let guesses by uncounted', async () => {
    const server = await open('redis')
    await servers.pop()?.close()
    for (const secret of [RIGHT, WRONG]) {
      const answer = await present(server, secret)
      expect(answer.status).toBe(503)
      expect(answer.headers['retry-after']).toBeDefined()
      expect(answer.body.error).toBe('temporarily_unavailable')
    }
  })
})
