import request from 'supertest'
import { alice, CLIENT_SECRET, confidentialClient, publicClient } from '../helpers/fixtures.ts'
import { freshPrefix, onBothStores, type TestServer, testServer } from '../helpers/server.ts'
import { visitor } from '../helpers/visitor.ts'

/** Addresses of the documentation ranges, which no test runs at. */
const HOME = '203.0.113.7'
const ELSEWHERE = '198.51.100.4'

const LIMITS = [
  'sign-in-by-address=3/60',
  'authorize-by-address=3/60',
  'par-by-address=3/60',
  'token-by-address=3/60',
  'par-by-client=5/60',
  'token-by-client=5/60',
  'introspection-by-client=5/60',
].join(',')

const otherClient = { ...confidentialClient, client_id: 'other' }
const clients = [publicClient, confidentialClient, otherClient]

const basic = (clientId: string, secret = CLIENT_SECRET) => ({
  Authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
})

/** The one item of a structured field (RFC 9651 §3.1): a string with parameters that are integers. */
function readField(field: string | undefined): { name: string; params: Record<string, number> } {
  const [, name = '', rest = ''] =
    /^"([\x20-\x21\x23-\x5b\x5d-\x7e]*)"((?:;[a-z*][a-z0-9_.*-]*=-?\d{1,15})*)$/.exec(field ?? '') ?? []
  const pairs = rest
    .split(';')
    .slice(1)
    .map((pair) => pair.split('='))
  return { name, params: Object.fromEntries(pairs.map(([key, value]) => [key, Number(value)])) }
}

onBothStores('limits on requests', (store) => {
  let servers: TestServer[] = []
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.close()))
    servers = []
  })

  const open = async (env: Record<string, string | undefined> = {}) => {
    const server = await testServer({ store, clients, env: { TRUST_PROXY: 'loopback', RATE_LIMITS: LIMITS, ...env } })
    servers.push(server)
    // Windows begin at whole minutes: from here on none ends by itself.
    server.clock.advance({ seconds: 60 - ((server.clock.now() / 1000) % 60) })
    return server
  }

  /** A refresh that the server must look at and refuse. */
  const ask = (
    server: TestServer,
    from: string | undefined = HOME,
    headers: Record<string, string> = {},
    path = '/oauth/token',
  ) =>
    request(server.app)
      .post(path)
      .type('form')
      .set({ ...(from === '' ? {} : { 'X-Forwarded-For': from }), ...headers })
      .send({
        grant_type: 'refresh_token',
        refresh_token: 'x',
        token: 'x',
        ...(headers.Authorization === undefined ? { client_id: 'app' } : {}),
      })

  const statuses = async (times: number, send: () => PromiseLike<{ status: number }>) => {
    const seen: number[] = []
    for (let time = 0; time < times; time++) seen.push((await send()).status)
    return seen
  }

  it('answer one request more than allowed with 429 and when to come back, and serve again then', async () => {
    const server = await open()
    server.clock.advance({ seconds: 18 })
    expect(await statuses(3, () => ask(server))).toEqual([400, 400, 400])
    const refused = await ask(server)
    expect(refused.status).toBe(429)
    expect(refused.headers).toMatchObject({ 'retry-after': '42', 'cache-control': 'no-store' })
    expect(refused.body).toEqual({
      error: 'temporarily_unavailable',
      error_description: 'too many requests; try again later',
    })
    server.clock.advance({ seconds: 41 })
    expect((await ask(server)).headers['retry-after']).toBe('1')
    server.clock.advance({ seconds: 1 })
    expect((await ask(server)).status).toBe(400)
  })

  it('tell a program how much is left, in structured fields', async () => {
    const server = await open()
    server.clock.advance({ seconds: 10 })
    for (const left of [2, 1, 0, 0]) {
      const { headers } = await ask(server)
      expect(readField(headers['ratelimit-policy'])).toEqual({ name: 'token-by-address', params: { q: 3, w: 60 } })
      expect(readField(headers.ratelimit)).toEqual({ name: 'token-by-address', params: { r: left, t: 50 } })
    }
    const proven = await ask(server, ELSEWHERE, basic('backend'))
    expect(readField(proven.headers['ratelimit-policy'])).toEqual({ name: 'token-by-client', params: { q: 5, w: 60 } })
    expect(readField(proven.headers.ratelimit)).toEqual({ name: 'token-by-client', params: { r: 4, t: 50 } })
  })

  it('can be read by the pages of clients', async () => {
    const server = await open()
    const { headers } = await ask(server, HOME, { Origin: 'https://app.example' })
    const exposed = headers['access-control-expose-headers']?.split(', ')
    expect(exposed).toEqual(expect.arrayContaining(['Retry-After', 'RateLimit', 'RateLimit-Policy']))
    const preflights = await statuses(5, () =>
      request(server.app)
        .options('/oauth/token')
        .set({ 'X-Forwarded-For': HOME, Origin: 'https://app.example', 'Access-Control-Request-Method': 'POST' }),
    )
    expect(preflights).toEqual(Array(5).fill(204))
    expect((await ask(server)).status).toBe(400)
  })

  it('keep addresses apart, and take a /64 of IPv6 for one', async () => {
    const server = await open()
    expect(await statuses(4, () => ask(server))).toEqual([400, 400, 400, 429])
    expect((await ask(server, ELSEWHERE)).status).toBe(400)
    let host = 0
    expect(await statuses(4, () => ask(server, `2001:db8::${++host}`))).toEqual([400, 400, 400, 429])
    expect((await ask(server, '2001:db8:0:1::1')).status).toBe(400)
  })

  it('count a client that has proven itself by client, wherever it comes from, and no longer by address', async () => {
    const server = await open()
    let host = 0
    const proven = () => ask(server, `203.0.113.${++host % 2}`, basic('backend'))
    expect(await statuses(6, proven)).toEqual([...Array(5).fill(400), 429])
    expect((await ask(server, ELSEWHERE, basic('backend'))).status).toBe(429)
    expect((await ask(server, '203.0.113.1', basic('other'))).status).toBe(400)
    expect(await statuses(4, () => ask(server, '203.0.113.1'))).toEqual([400, 400, 400, 429])
  })

  it('count wrong secrets by address, before anything is read', async () => {
    const server = await open()
    const wrong = () => ask(server, HOME, basic('backend', 'x'.repeat(40)))
    expect(await statuses(4, wrong)).toEqual([401, 401, 401, 429])
    const large = await request(server.app)
      .post('/oauth/token')
      .set('X-Forwarded-For', HOME)
      .type('text')
      .send('x'.repeat(70_000))
    expect(large.status).toBe(429)
    expect((await ask(server, ELSEWHERE, basic('backend'))).status).toBe(400)
  })

  it('hold at introspection by client, and at revocation together with the token endpoint', async () => {
    const server = await open()
    const introspect = () => ask(server, HOME, basic('backend'), '/oauth/introspect')
    expect(await statuses(6, introspect)).toEqual([...Array(5).fill(200), 429])
    const revoke = () => ask(server, HOME, {}, '/oauth/revoke')
    expect(await statuses(4, revoke)).toEqual([200, 200, 200, 429])
    expect((await ask(server)).status).toBe(429)
  })

  it('hold where requests are pushed, by address and by client', async () => {
    const server = await open()
    const push = (from: string, headers: Record<string, string>, form: Record<string, string>) => () =>
      request(server.app)
        .post('/oauth/par')
        .set({ 'X-Forwarded-For': from, ...headers })
        .type('form')
        .send(form)
    expect(await statuses(4, push(HOME, {}, { client_id: 'app' }))).toEqual([400, 400, 400, 429])
    const proven = push(ELSEWHERE, basic('backend'), {})
    expect(await statuses(6, proven)).toEqual([...Array(5).fill(400), 429])
  })

  it('show people a page in their language', async () => {
    const server = await open()
    server.clock.advance({ seconds: 30 })
    const begin = () =>
      request(server.app)
        .get(`/oauth/authorize?${server.request().query()}`)
        .set({ 'X-Forwarded-For': HOME, 'Accept-Language': 'de' })
    const served = await begin()
    expect(served.headers).not.toHaveProperty('ratelimit')
    expect(await statuses(3, begin)).toEqual([302, 302, 429])
    const refused = await begin()
    expect(refused.headers).toMatchObject({ 'retry-after': '30', 'content-language': 'de' })
    expect(readField(refused.headers.ratelimit)).toEqual({ name: 'authorize-by-address', params: { r: 0, t: 30 } })
    expect(refused.text).toContain('Zu viele Versuche')
    expect(refused.text).toContain('30 Sekunden')
    expect(
      (await request(server.app).get(`/authorize?${server.request().query()}`).set('X-Forwarded-For', HOME)).status,
    ).toBe(429)
  })

  it('let no more passwords be tried from one address, right ones too', async () => {
    const server = await open()
    const person = await visitor(server)
    const seen: number[] = []
    for (const username of ['alice', 'bob', 'carol']) seen.push((await person.signIn('wrong', { username })).status)
    expect(seen).toEqual([401, 401, 401])
    const refused = await person.signIn(alice.password)
    expect(refused.status).toBe(429)
    expect(refused.text).toContain('Too many attempts')
    expect((await person.signIn(alice.password, { from: ELSEWHERE })).status).toBe(303)
  })

  it('never concern documents, probes and assets', async () => {
    const server = await open()
    for (const path of [
      '/.well-known/jwks.json',
      '/.well-known/openid-configuration',
      '/healthz',
      '/assets/latchkey.css',
    ]) {
      const answers = Array.from({ length: 20 }, () => request(server.app).get(path))
      for (const { status, headers } of await Promise.all(answers)) {
        expect([path, status, headers.ratelimit]).toEqual([path, 200, undefined])
      }
    }
  })

  it('go by the connection where no proxy is trusted, whatever a caller writes', async () => {
    const server = await open({ TRUST_PROXY: undefined })
    let host = 0
    expect(await statuses(4, () => ask(server, `198.51.100.${++host}`))).toEqual([400, 400, 400, 429])
  })

  it('are written to the audit log once a window and caller', async () => {
    const server = await open()
    await statuses(8, () => ask(server))
    await statuses(8, () => ask(server, ELSEWHERE, basic('backend')))
    const told = () => server.events().filter(({ audit }) => audit === 'rate.limited')
    expect(told()).toEqual([
      expect.objectContaining({ network: HOME, limit: 'token-by-address', level: 'warn' }),
      expect.objectContaining({ network: ELSEWHERE, limit: 'token-by-client', client_id: 'backend' }),
    ])
    server.clock.advance({ seconds: 60 })
    await statuses(5, () => ask(server))
    expect(told()).toHaveLength(3)
    const refused = server.events().filter(({ cause }) => cause === 'rate-limited')
    expect(refused[0]).toMatchObject({
      audit: 'request.refused',
      status: 429,
      limit: 'token-by-address',
      network: HOME,
    })
  })

  it('can be turned off, one or all', async () => {
    const without = await open({ RATE_LIMITS: 'off' })
    expect(await statuses(10, () => ask(without))).toEqual(Array(10).fill(400))
    expect((await ask(without)).headers).not.toHaveProperty('ratelimit')
    const one = await open({ RATE_LIMITS: `${LIMITS.replace('token-by-client=5/60', 'token-by-client=off')}` })
    expect(await statuses(10, () => ask(one, HOME, basic('backend')))).toEqual(Array(10).fill(400))
    expect(await statuses(4, () => ask(one))).toEqual([400, 400, 400, 429])
  })
})

it('two servers on one Redis share the count of an address', async () => {
  const prefix = freshPrefix()
  const env = { TRUST_PROXY: 'loopback', RATE_LIMITS: 'token-by-address=20/60', REDIS_KEY_PREFIX: prefix }
  const servers = await Promise.all([1, 2].map(() => testServer({ store: 'redis', env })))
  const start = servers[0]?.clock.now() as number
  for (const { clock } of servers) clock.advance({ seconds: (start + 60_000 - (start % 60_000) - clock.now()) / 1000 })
  const send = (server: TestServer, from = HOME) =>
    request(server.app)
      .post('/oauth/token')
      .type('form')
      .set('X-Forwarded-For', from)
      .send({ grant_type: 'refresh_token', client_id: 'app', refresh_token: 'x' })
  let answered = 0
  for (let time = 0; time < 40; time++) {
    if ((await send(servers[time % 2] as TestServer)).status === 400) answered++
  }
  // Each process may not yet have told of one request less than a tenth of the limit.
  expect(answered).toBeGreaterThanOrEqual(20)
  expect(answered).toBeLessThanOrEqual(22)
  for (const server of servers) expect((await send(server, ELSEWHERE)).status).toBe(400)
  await Promise.all(servers.map((server) => server.close()))
})
