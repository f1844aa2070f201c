import type { Span } from '@opentelemetry/api'
import type { Logger } from './logger.ts'
import type { RequestScopes } from './request-scope.ts'
import { readTraceParent } from './trace-parent.ts'
import { createTracerProvider } from './tracer-provider.ts'

/** Makes spans and sends them to a collector. */
export interface Tracing {
  /**
   * Begins the span of a request.
   *
   * @param traceparent the header of a caller that is believed
   */
  begin(traceparent: string | undefined): Span
  /** Begins a part of the request that is being answered; what it gives ends that part. Outside of requests nothing is made. */
  part(name: string): (failure?: string) => void
  /** Sends what is left, within a limit, and stops. Never throws: what cannot be sent is lost. */
  close(): Promise<void>
}

/** How long the end of the process waits for the collector, in milliseconds. */
const CLOSE_LIMIT = 3000

/**
 * Tracing by OpenTelemetry over OTLP. Its packages are loaded here and not before; where that fails, the server runs
 * without spans and says why.
 *
 * @param options.url where the collector takes traces
 */
export async function createTracing(
  options: { url: string; serviceName: string },
  deps: { logger: Logger; requests: RequestScopes },
): Promise<Tracing | undefined> {
  const { logger, requests } = deps
  try {
    const { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } = await import('@opentelemetry/api')
    const provider = await createTracerProvider(options, (reason) =>
      logger.warn({ reason }, 'spans could not be sent to the collector'),
    )
    const tracer = provider.getTracer('latchkey')

    return {
      begin(traceparent) {
        const caller = readTraceParent(traceparent)
        const parent = caller === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, caller)
        return tracer.startSpan('request', { kind: SpanKind.SERVER }, parent)
      },
      part(name) {
        const parent = requests.current()?.span
        if (parent === undefined) return () => {}
        const span = tracer.startSpan(name, {}, trace.setSpan(ROOT_CONTEXT, parent))
        return (failure) => {
          if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure })
          span.end()
        }
      },
      async close() {
        let timer: NodeJS.Timeout | undefined
        const limit = new Promise<void>((resolve) => {
          timer = setTimeout(resolve, CLOSE_LIMIT)
        })
        await Promise.race([provider.shutdown().catch(() => {}), limit])
        clearTimeout(timer)
      },
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    logger.warn({ reason, node: process.version }, 'tracing is off: the OpenTelemetry packages do not run here')
    return undefined
  }
}
