import type { NodeTracerConfig, NodeTracerProvider, SpanExporter } from '@opentelemetry/sdk-trace-node'

type Resource = NonNullable<NodeTracerConfig['resource']>

/**
 * Loads OpenTelemetry and gives what makes tracers. Nothing of it is registered for the process: no other package begins
 * to make spans by itself.
 *
 * @param onFailure is told the first time that spans could not be sent, and again after each time that they could
 */
export async function createTracerProvider(
  options: { url: string; serviceName: string },
  onFailure: (reason: string) => void,
): Promise<NodeTracerProvider> {
  const { BatchSpanProcessor, NodeTracerProvider } = await import('@opentelemetry/sdk-trace-node')
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http')
  const exporter = reporting(new OTLPTraceExporter({ url: options.url }), onFailure)
  return new NodeTracerProvider({
    resource: named(options.serviceName),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  })
}

/** The exporter itself is silent when it fails, and nobody would know why there are no traces. */
function reporting(exporter: SpanExporter, onFailure: (reason: string) => void): SpanExporter {
  let failing = false
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = result.code !== 0
        if (failed && !failing) onFailure(result.error?.message ?? 'no reason given')
        failing = failed
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  }
}

/** What the spans are of. The library's own way to say it is in a package that finds out much more than anyone asked. */
function named(serviceName: string): Resource {
  const attributes = { 'service.name': serviceName }
  const resource: Resource = { attributes, merge: () => resource, getRawAttributes: () => Object.entries(attributes) }
  return resource
}
