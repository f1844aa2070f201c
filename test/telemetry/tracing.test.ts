import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import request from 'supertest'
import { type Collector, startCollector } from '../helpers/collector.ts'
import { closePort, openPort } from '../helpers/listen.ts'
import { onBothStores, type TestServer, testEnvironment, testServer } from '../helpers/server.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const PARENT = '00f067aa0ba902b7'
const traceparent = `00-${TRACE}-${PARENT}-01`

onBothStores('traces', (store) => {
  let collector: Collector
  let server: TestServer
  beforeEach(async () => {
    collector = await startCollector()
  })
  afterEach(async () => {
    await server.close()
    await collector.close()
  })
  const start = async (more: Record<string, string> = {}) => {
    server = await testServer({ store, env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...more } })
  }
  /** What arrived once everything was sent. */
  const received = async () => {
    await server.deps.tracing?.close()
    return collector.spans()
  }

  it('have a span for each request, and below it one for each move of the store and each signature', async () => {
    await start()
    const wanted = server.request()
    await server.token(wanted.redeem(await server.code(wanted)))
    const spans = await received()
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined)
    expect(roots.map(({ name }) => name)).toEqual([
      'GET /oauth/authorize',
      'GET /interaction/:id',
      'POST /interaction/:id',
      'GET /interaction/:id',
      'POST /interaction/:id',
      'POST /oauth/token',
    ])
    const token = roots.at(-1)
    expect(token?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/oauth/token',
      'http.response.status_code': 200,
      'latchkey.outcome': 'ok',
      'latchkey.request_id': expect.stringMatching(/^[0-9a-f]{12}$/),
      'latchkey.client_id': 'app',
    })
    const parts = spans.filter(({ parentSpanId }) => parentSpanId === token?.spanId)
    expect(parts.map(({ name }) => name)).toEqual(['store authorizations.redeem', 'sign'])
    expect(collector.services()).toContain('latchkey')
  })

  it('tell a refusal by its code and cause', async () => {
    await start()
    await server.token({ grant_type: 'refresh_token', client_id: 'app', refresh_token: 'x' })
    const [span] = await received()
    expect(span?.attributes).toMatchObject({ 'latchkey.outcome': 'refused', 'error.type': 'invalid_grant' })
    expect(span?.status.code).not.toBe(2)
  })

  it("go on from a proxy's span, and from nobody else's", async () => {
    await start({ TRUST_PROXY: 'loopback', OTEL_SERVICE_NAME: 'partners' })
    await request(server.app).get('/healthz').set({ traceparent })
    expect(await received()).toMatchObject([{ traceId: TRACE, parentSpanId: PARENT }])
    expect(collector.services()).toEqual(['partners'])
    await server.close()

    await start()
    await request(server.app).get('/healthz').set({ traceparent })
    const span = (await received()).at(-1)
    expect(span?.traceId).not.toBe(TRACE)
    expect(span?.parentSpanId).toBeUndefined()
  })

  it.each([
    '',
    'zq8wkx3v',
    `ff-${TRACE}-${PARENT}-01`,
    `00-${'0'.repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE}-${PARENT}-01-more`,
    `00-${TRACE.toUpperCase()}-${PARENT}-01`,
  ])('begin anew where what a proxy says is malformed: %j', async (malformed) => {
    await start({ TRUST_PROXY: 'loopback' })
    expect((await request(server.app).get('/healthz').set({ traceparent: malformed })).status).toBe(200)
    expect((await received())[0]?.traceId).not.toBe(TRACE)
  })
})

it('a move that fails is a span that failed', async () => {
  const collector = await startCollector()
  const env = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces` }
  const server = await testServer({ store: 'redis', env })
  await server.deps.store.close()
  await server.token({ grant_type: 'client_credentials', client_id: 'backend', client_secret: 'x'.repeat(40) })
  await server.deps.tracing?.close()
  const spans = collector.spans()
  expect(spans.find(({ name }) => name === 'store attempts.judge')?.status).toEqual({ code: 2, message: 'connection' })
  expect(spans.find(({ name }) => name === 'POST /oauth/token')?.status.code).toBe(2)
  await server.close()
  await collector.close()
})

describe('a collector that does not take spans', () => {
  it.each([400, 404])('with status %d disturbs no request, and the log says so once', async (status) => {
    const collector = await startCollector(status)
    const server = await testServer({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } })
    expect((await request(server.app).get('/healthz')).status).toBe(200)
    await server.close()
    const lines = server.logs().filter(({ msg }) => msg === 'spans could not be sent to the collector')
    expect(lines).toHaveLength(1)
    await collector.close()
  })

  it('because nobody listens there disturbs no request', async () => {
    const nobody = createServer()
    const port = await openPort(nobody)
    await closePort(nobody)
    const server = await testServer({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` } })
    expect((await request(server.app).get('/healthz')).status).toBe(200)
    await server.close()
  })
})

describe('the packages', () => {
  const ROOT = join(import.meta.dirname, '..', '..')
  /** Which packages a process has loaded once the parts of a server are there. */
  const loaded = async (env: Record<string, string>): Promise<string> => {
    const script = join(import.meta.dirname, 'loaded-packages.ts')
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, ...testEnvironment({ env: { LOG_LEVEL: 'silent', ...env } }) },
    })
    return stdout
  }

  it('of OpenTelemetry and of Prometheus are not loaded by a server that uses neither', async () => {
    const packages = await loaded({})
    expect(packages).toContain('express')
    expect(packages).not.toMatch(/opentelemetry|prom-client/)
  })

  it('that make and send spans are loaded where there is an address for them', async () => {
    const packages = await loaded({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })
    expect(packages).toContain('@opentelemetry/sdk-trace-node')
    expect(packages).toContain('@opentelemetry/exporter-trace-otlp-http')
    expect(packages).not.toContain('prom-client')
  })

  it('that make spans are not loaded for metrics', async () => {
    const packages = await loaded({ METRICS_PORT: '9464' })
    expect(packages).toContain('prom-client')
    expect(packages).not.toMatch(/opentelemetry\/(sdk|exporter)/)
  })
})
