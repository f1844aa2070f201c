import { startCollector } from '../helpers/collector.ts'
import { freePort } from '../helpers/free-port.ts'
import { testEnvironment } from '../helpers/server.ts'
import { type Build, buildServer, startServer } from '../helpers/server-process.ts'

describe('a server process with METRICS_PORT and a collector', () => {
  let build: Build
  beforeAll(async () => {
    build = await buildServer()
  })
  afterAll(() => build.remove())

  it('serves metrics there alone, and sends its last spans before it ends', async () => {
    const collector = await startCollector()
    const port = await freePort()
    const env = { METRICS_PORT: `${port}`, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }
    const server = await startServer(build, testEnvironment({ env }))
    expect((await fetch(`${server.url}/metrics`)).status).toBe(404)
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    expect(metrics).toContain('latchkey_requests_total{endpoint="none",method="GET"')
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200)
    expect((await fetch(`http://127.0.0.1:${port}/oauth/authorize`)).status).toBe(404)

    server.signal('SIGTERM')
    expect((await server.ended).code).toBe(0)
    expect(collector.spans().map(({ name }) => name)).toContain('GET none')
    await collector.close()
  })
})
