import { collectorUrl, integer, text } from '../parsers.ts'
import { variable } from './variable.ts'

/** What it tells of itself, and where. */
export const metricsVariables = {
  METRICS_PORT: variable({
    section: 'Metrics and traces',
    parse: integer({ min: 1, max: 65535 }),
    fallback: undefined,
    example: '9464',
    doc: 'Port of a second listener, for operators alone: GET /metrics for Prometheus, /healthz and /readyz. Unset: nothing is measured. Each process needs its own.',
  }),
  METRICS_HOST: variable({
    section: 'Metrics and traces',
    parse: text,
    fallback: '127.0.0.1',
    doc: 'Address of that listener. 0.0.0.0 in a container whose metrics port is not open to the world.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable({
    section: 'Metrics and traces',
    parse: collectorUrl,
    fallback: undefined,
    example: 'http://collector:4318',
    doc: 'Base address of an OpenTelemetry collector (OTLP over HTTP), which gets the traces at /v1/traces. Unset, and the next one too: no spans are made. The exporter reads OTEL_EXPORTER_OTLP_HEADERS, OTEL_EXPORTER_OTLP_TIMEOUT and OTEL_TRACES_SAMPLER by itself.',
  }),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: variable({
    section: 'Metrics and traces',
    parse: collectorUrl,
    fallback: undefined,
    example: 'http://collector:4318/v1/traces',
    doc: 'The whole address for traces, in place of the one above.',
  }),
  OTEL_SERVICE_NAME: variable({
    section: 'Metrics and traces',
    parse: text,
    fallback: 'latchkey',
    doc: 'The name of this server in traces.',
  }),
}
