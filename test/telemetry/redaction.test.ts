import { type Collector, startCollector } from '../helpers/collector.ts'
import { alice } from '../helpers/fixtures.ts'
import { type StoreName, type TestServer, testServer } from '../helpers/server.ts'
import { Secrets } from './secrets.ts'
import { tour, tourClients } from './tour.ts'

describe.each<StoreName>(['memory', 'redis'])('after a tour of every endpoint (%s store)', (store) => {
  let collector: Collector
  let server: TestServer
  let secrets: Secrets
  /** All that the server has told anyone who watches it. */
  let told: Record<'log' | 'metrics' | 'spans', string>

  beforeAll(async () => {
    collector = await startCollector()
    const { clients, key } = await tourClients()
    const env = { LOG_LEVEL: 'trace', METRICS_PORT: '9464', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }
    server = await testServer({ store, clients, env })
    secrets = await tour(server, key)
    await server.deps.tracing?.close()
    const metrics = (await server.deps.metrics?.text()) as string
    told = { log: server.logText(), metrics, spans: collector.text() }
  })
  afterAll(async () => {
    await server.close()
    await collector.close()
  })

  it('there were secrets of every kind, and they went by every endpoint, rightly and wrongly', () => {
    expect(new Set(secrets.all().values())).toEqual(
      new Set([
        'access_token',
        'account',
        'client_assertion',
        'client_secret',
        'code',
        'code_verifier',
        'cookie',
        'credentials',
        'csrf',
        'id_token',
        'id_token_hint',
        'password',
        'proof',
        'refresh_token',
        'request_uri',
        'secret of Basic',
        'token',
      ]),
    )
    const paths = ['authorize', 'token', 'par', 'introspect', 'revoke', 'userinfo', 'logout']
    for (const endpoint of [...paths.map((path) => `/oauth/${path}`), '/interaction/:id']) {
      for (const outcome of ['ok', 'refused']) {
        const counted = new RegExp(`latchkey_requests_total\\{endpoint="${endpoint}",.*outcome="${outcome}"`)
        expect(told.metrics).toMatch(counted)
        expect(told.spans).toContain(endpoint)
        expect(told.log).toContain(`"endpoint":"${endpoint}"`)
      }
    }
    const alarming = ['code.replayed', 'code.burnt', 'refresh_token.reused', 'client.assertion_replayed']
    for (const event of ['sign_in.failed', 'session.ended', 'request.pushed', 'consent.denied', ...alarming]) {
      expect(told.metrics).toContain(`latchkey_audit_events_total{event="${event}"}`)
    }
  })

  it.each(['log', 'metrics', 'spans'] as const)('the %s have none of them', (where) => {
    expect(secrets.foundIn(told[where])).toEqual([])
  })

  it('nobody went away with a fault', () => {
    expect(server.logs().filter(({ level }) => level === 'error')).toEqual([])
  })
})

describe('the search for secrets', () => {
  const secrets = new Secrets()
  const password = alice.password
  const token = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyLWFsaWNlIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg'
  const handle = 'lkc_dkfZ35fEV7zUwX1oi3TJoA.BAwXXvxNTMpZXjAx7DXri5A19bsVHBuyiT9TnGz45ys'
  secrets.keep('password', password)
  secrets.keep('access_token', token)
  secrets.keep('code', handle)

  it.each([
    ['a password', password],
    ['its beginning', password.slice(0, 12)],
    ['its percent-encoding', encodeURIComponent(password)],
    ['its form encoding', password.replaceAll(' ', '+')],
    ['its base64', Buffer.from(password).toString('base64')],
    ['its base64 with more behind it', Buffer.from(`${password}:and more`).toString('base64')],
    ['its hex', Buffer.from(password).toString('hex')],
    ['a JWT without its signature', token.slice(0, 50)],
    ['a signature alone', token.split('.')[2]],
    ['the beginning of a signature', token.split('.')[2]?.slice(0, 12)],
    ['a code', handle],
    ['the proof of a code', handle.split('.')[1]?.slice(0, 12)],
  ])('finds %s', (_, planted) => {
    expect(secrets.foundIn(`{"msg":"x","note":"${planted}"}`)).not.toEqual([])
  })

  it('lets the id of an authorization pass, which is no secret', () => {
    expect(secrets.foundIn('{"authorization_id":"dkfZ35fEV7zUwX1oi3TJoA"}')).toEqual([])
  })

  it('finds a secret that the server was made to log, count or trace', async () => {
    const collector = await startCollector()
    const env = { METRICS_PORT: '9464', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }
    const server = await testServer({ env })
    server.deps.logger.info({ note: `came with ${password}` })
    server.deps.metrics?.move(password, 1, undefined)
    const span = server.deps.tracing?.begin(undefined)
    span?.setAttribute('note', password).end()
    await server.deps.tracing?.close()
    for (const text of [server.logText(), (await server.deps.metrics?.text()) as string, collector.text()]) {
      expect(secrets.foundIn(text)).toContain(`password as ${JSON.stringify(password)}`)
    }
    await server.close()
    await collector.close()
  })
})
