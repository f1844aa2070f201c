import { load, problemsOf } from './load.ts'

it('measures and traces nothing unless it is told to', () => {
  const { metrics, tracing } = load({})
  expect([metrics, tracing]).toEqual([undefined, undefined])
  expect(load({ METRICS_HOST: '0.0.0.0', OTEL_SERVICE_NAME: 'x' })).toMatchObject({ metrics, tracing })
})

it('serves metrics on loopback unless METRICS_HOST says otherwise', () => {
  expect(load({ METRICS_PORT: '9464' }).metrics).toEqual({ port: 9464, host: '127.0.0.1' })
  expect(load({ METRICS_PORT: '9464', METRICS_HOST: '::' }).metrics).toEqual({ port: 9464, host: '::' })
})

it('never serves metrics on the public port', () => {
  const problem = 'METRICS_PORT must be another port than PORT: metrics are for operators alone'
  expect(problemsOf({ METRICS_PORT: '3000' })).toEqual([problem])
  expect(problemsOf({ METRICS_PORT: '8080', PORT: '8080' })).toEqual([problem])
})

it.each([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, 'http://collector:4318/v1/traces'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector/otlp/' }, 'https://collector/otlp/v1/traces'],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/mine' }, 'http://collector:4318/mine'],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:4318', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://b:4318/v1/traces' },
    'http://b:4318/v1/traces',
  ],
])('sends the traces of %j to %s', (env, url) => {
  expect(load(env).tracing).toEqual({ url, serviceName: 'latchkey' })
})

it.each(['collector:4318', 'grpc://collector:4317', 'http://user:zq8wkx3v@collector', 'http://collector?key=zq8wkx3v'])(
  'refuses %j as a collector, and does not repeat it',
  (address) => {
    for (const name of ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) {
      expect(problemsOf({ [name]: address })).toEqual([
        `${name} must be a URL such as http://collector:4318, without user name, query or fragment`,
      ])
    }
  },
)
