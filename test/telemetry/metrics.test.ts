import request from 'supertest'
import { createOperatorsApp } from '../../src/app.ts'
import { createBoundedLabels } from '../../src/telemetry/bounded-labels.ts'
import type { Metrics } from '../../src/telemetry/metrics.ts'
import { seriesValue } from '../helpers/metrics.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'

const env = { METRICS_PORT: '9464' }

onBothStores('metrics', (store) => {
  let server: TestServer
  beforeEach(async () => {
    server = await testServer({ store, env })
  })
  afterEach(() => server.close())

  const value = (name: string, labels?: Record<string, string>) => seriesValue(server.deps.metrics, name, labels)

  it('count requests by route, method, class of status and outcome, and measure how long they took', async () => {
    const wanted = server.request()
    await server.token(wanted.redeem(await server.code(wanted)))
    await server.token({ grant_type: 'authorization_code' })
    const token = { endpoint: '/oauth/token', method: 'POST' }
    expect(await value('latchkey_requests_total', { ...token, status_class: '2xx', outcome: 'ok' })).toBe(1)
    expect(await value('latchkey_requests_total', { ...token, status_class: '4xx', outcome: 'refused' })).toBe(1)
    expect(await value('latchkey_requests_total', { endpoint: '/interaction/:id', status_class: '2xx' })).toBe(2)
    expect(await value('latchkey_request_duration_seconds_count', { endpoint: '/oauth/token' })).toBe(2)
  })

  it('count token requests by grant type, and by error code where they were refused', async () => {
    const wanted = server.request()
    const form = wanted.redeem(await server.code(wanted))
    await server.token(form)
    await server.token(form)
    await server.token({ grant_type: 'password' })
    await server.token({ grant_type: 'refresh_token', client_id: 'app', refresh_token: 'x' })
    const count = (grant_type: string, outcome: string) =>
      value('latchkey_token_requests_total', { grant_type, outcome })
    expect(await count('authorization_code', 'ok')).toBe(1)
    expect(await count('authorization_code', 'invalid_grant')).toBe(1)
    expect(await count('none', 'unsupported_grant_type')).toBe(1)
    expect(await count('refresh_token', 'invalid_grant')).toBe(1)
    expect(await value('latchkey_token_requests_total')).toBe(4)
  })

  it('count refusals by cause, also those that go to the client by redirect', async () => {
    const wanted = server.request()
    const form = wanted.redeem(await server.code(wanted))
    await server.token({ ...form, code_verifier: 'x'.repeat(43) })
    await server.browser().begin(server.request({ scope: 'admin' }))
    const wrongVerifier = { endpoint: '/oauth/token', error: 'invalid_grant' }
    expect(await value('latchkey_refusals_total', wrongVerifier)).toBe(1)
    const redirected = { endpoint: '/oauth/authorize', error: 'invalid_scope', cause: 'scope-not-allowed' }
    expect(await value('latchkey_refusals_total', redirected)).toBe(1)
    expect(await value('latchkey_requests_total', { status_class: '3xx', outcome: 'refused' })).toBe(1)
  })

  it('count audit events', async () => {
    const wanted = server.request()
    const form = wanted.redeem(await server.code(wanted))
    await server.token(form)
    await server.token(form)
    for (const event of ['sign_in.succeeded', 'code.issued', 'code.redeemed', 'code.replayed', 'request.refused']) {
      expect([event, await value('latchkey_audit_events_total', { event })]).toEqual([event, 1])
    }
  })

  it('measure each move of the store', async () => {
    const wanted = server.request()
    await server.token(wanted.redeem(await server.code(wanted)))
    await request(server.app).get('/readyz')
    for (const move of ['interactions.finish', 'authorizations.redeem', 'sessions.create', 'check']) {
      expect([move, await value('latchkey_store_duration_seconds_count', { move })]).toEqual([move, 1])
    }
    expect(await value('latchkey_store_errors_total')).toBeUndefined()
  })

  it('say what runs, and how the process does', async () => {
    expect(await value('latchkey_build_info', { node: process.versions.node })).toBe(1)
    for (const name of ['process_start_time_seconds', 'process_resident_memory_bytes', 'process_cpu_seconds_total']) {
      expect(await value(name)).toBeGreaterThan(0)
    }
    expect(await value('nodejs_eventloop_lag_p99_seconds')).toBeDefined()
  })
})

it('a store that fails is counted by the kind of failure', async () => {
  const server = await testServer({ store: 'redis', env })
  const wanted = server.request()
  const form = wanted.redeem(await server.code(wanted))
  await server.deps.store.close()
  expect((await server.token(form)).status).toBe(503)
  const failed = { move: 'authorizations.redeem', kind: 'connection' }
  expect(await seriesValue(server.deps.metrics, 'latchkey_store_errors_total', failed)).toBe(1)
  await server.close()
})

it('what callers choose never becomes a label', async () => {
  const server = await testServer({ env })
  const strange = 'zq8wkx3v'
  await request(server.app).get(`/${strange}`)
  await request(server.app).get(`/interaction/${strange}`)
  await request(server.app).get(`/%E0%A4%A/${strange}`)
  await request(server.app).propfind('/oauth/token')
  await server.browser().get(`/oauth/authorize?client_id=${strange}&response_type=${strange}`)
  await server.browser().begin(server.request({ response_type: strange, [strange]: strange }))
  await server.token({ grant_type: strange, client_id: strange, [strange]: strange })
  await server.token({ grant_type: 'refresh_token', client_id: strange, refresh_token: strange })
  const text = (await server.deps.metrics?.text()) as string
  expect(text).not.toContain(strange)
  expect(text).toContain('latchkey_requests_total{endpoint="none",method="GET",status_class="4xx",outcome="refused"} 2')
  expect(text).toContain('endpoint="/oauth/token",method="other",status_class="4xx"')
  await server.close()
})

it('two servers in one process do not meet', async () => {
  const [one, two] = [await testServer({ env }), await testServer({ env })]
  await one.token({})
  expect(await seriesValue(one.deps.metrics, 'latchkey_requests_total')).toBe(1)
  expect(await seriesValue(two.deps.metrics, 'latchkey_requests_total')).toBeUndefined()
  await Promise.all([one.close(), two.close()])
})

it('nothing is measured without METRICS_PORT, and /metrics is nothing on the public port', async () => {
  const [without, measured] = [await testServer(), await testServer({ env })]
  expect(without.deps.metrics).toBeUndefined()
  for (const server of [without, measured]) {
    expect((await request(server.app).get('/metrics')).status).toBe(404)
    await server.close()
  }
})

describe("the operators' port", () => {
  it('serves metrics and health, is not counted, and knows nothing else', async () => {
    const server = await testServer({ env })
    let stopping = false
    const app = createOperatorsApp(server.deps, server.deps.metrics as Metrics, () => stopping)
    const { status, headers, text } = await request(app).get('/metrics')
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(headers['cache-control']).toBe('no-store')
    expect(text).toContain('# TYPE latchkey_requests_total counter')
    expect((await request(app).get('/healthz')).body).toEqual({ status: 'ok' })
    expect((await request(app).get('/readyz')).status).toBe(200)
    stopping = true
    expect((await request(app).get('/readyz')).status).toBe(503)
    expect((await request(app).post('/metrics')).status).toBe(405)
    expect((await request(app).post('/oauth/token')).status).toBe(404)
    expect(await seriesValue(server.deps.metrics, 'latchkey_requests_total')).toBeUndefined()
    await server.close()
  })
})

describe('the values of a label', () => {
  it('stay few', () => {
    const label = createBoundedLabels(2)
    expect(['one', 'two', 'three', 'one'].map(label)).toEqual(['one', 'two', 'other', 'one'])
  })

  it('are short stable words', () => {
    const label = createBoundedLabels(100)
    const strange = ['', 'Upper', 'two words', 'a"b', 'x'.repeat(65), '-a', 'a\nb', '\u00e4']
    expect(strange.map(label)).toEqual(strange.map(() => 'other'))
    expect(['code-replayed', 'body-too-large'].map(label)).toEqual(['code-replayed', 'body-too-large'])
  })
})
