import { createServer } from 'node:http'
import { closePort, openPort } from './listen.ts'

/** A span as a collector gets it: OTLP as JSON. */
export interface ReceivedSpan {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  status: { code: number; message?: string }
  attributes: Record<string, unknown>
}

/** An OpenTelemetry collector that remembers. */
export interface Collector {
  /** Its base address. */
  url: string
  /** Everything that it was sent, as text. */
  text(): string
  spans(): ReceivedSpan[]
  /** The names of the services that sent something. */
  services(): string[]
  close(): Promise<void>
}

interface KeyValue {
  key: string
  value: Record<string, unknown>
}

interface Sent {
  resourceSpans: Array<{
    resource: { attributes: KeyValue[] }
    scopeSpans: Array<{ spans: Array<Omit<ReceivedSpan, 'attributes'> & { attributes: KeyValue[] }> }>
  }>
}

/** @param status what it answers with */
export async function startCollector(status = 200): Promise<Collector> {
  const bodies: string[] = []
  const http = createServer((req, res) => {
    let body = ''
    req.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    req.on('end', () => {
      bodies.push(body)
      res.writeHead(req.url === '/v1/traces' ? status : 404, { 'Content-Type': 'application/json' }).end('{}')
    })
  })
  const port = await openPort(http)
  const sent = () => bodies.flatMap((body) => (JSON.parse(body) as Sent).resourceSpans)
  return {
    url: `http://127.0.0.1:${port}`,
    text: () => bodies.join('\n'),
    spans: () =>
      sent()
        .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
        .map((span) => ({ ...span, attributes: asObject(span.attributes) })),
    services: () => sent().map(({ resource }) => String(asObject(resource.attributes)['service.name'])),
    close: () => closePort(http),
  }
}

function asObject(attributes: KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}
