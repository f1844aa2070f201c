import type { MetricObjectWithValues, MetricValue, Registry } from 'prom-client'
import { createBoundedLabels } from './bounded-labels.ts'
import type { EventName } from './events.ts'

/** How a request ended. */
export type Outcome = 'ok' | 'refused' | 'failed' | 'aborted'

/** A request that is over, in words of ours alone: nothing of it that a caller could choose. */
export interface FinishedRequest {
  /** The route it came to. */
  endpoint: string
  method: string
  status: number
  outcome: Outcome
  seconds: number
  /** At the token endpoint: the grant type, or `none` where the request named none that there is. */
  grantType: string | undefined
  refusal: { error: string; cause: string } | undefined
}

/** All metrics of a process at one moment, as they go from one process to another. */
export type MetricNumbers = ReadonlyArray<MetricObjectWithValues<MetricValue<string>>>

/** What the server counts and measures. */
export interface Metrics {
  request(finished: FinishedRequest): void
  event(name: EventName): void
  /** @param failure the kind of failure, where it failed */
  move(name: string, seconds: number, failure: string | undefined): void
  /** Everything so far, in the text format of Prometheus. */
  text(): Promise<string>
  /** The same, for another process to add to those of others. */
  numbers(): Promise<MetricNumbers>
  /** The media type of that text. */
  readonly contentType: string
  readonly registry: Registry
}

/** From 1 ms, an answer without the store, to the 2 s that a request waits for the store at most. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2]

/** About twice what the code has: it is never reached, unless a cause were made of what a caller sends. */
const MOST_CAUSES = 250

/**
 * Metrics in a registry of their own, with those of the process. The library is loaded here and not before: a server
 * without METRICS_PORT does without it.
 *
 * @param version of this server
 */
export async function createMetrics(version: string): Promise<Metrics> {
  const { Registry, Counter, Gauge, Histogram, collectDefaultMetrics } = await import('prom-client')
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const requests = new Counter({
    name: 'latchkey_requests_total',
    help: 'Requests that are over.',
    labelNames: ['endpoint', 'method', 'status_class', 'outcome'] as const,
    registers,
  })
  const durations = new Histogram({
    name: 'latchkey_request_duration_seconds',
    help: 'How long requests took.',
    labelNames: ['endpoint'] as const,
    buckets: BUCKETS,
    registers,
  })
  const tokenRequests = new Counter({
    name: 'latchkey_token_requests_total',
    help: 'Token requests by grant type: ok, or the error code.',
    labelNames: ['grant_type', 'outcome'] as const,
    registers,
  })
  const refusals = new Counter({
    name: 'latchkey_refusals_total',
    help: 'Requests that were refused or failed, by error code and cause.',
    labelNames: ['endpoint', 'error', 'cause'] as const,
    registers,
  })
  const events = new Counter({
    name: 'latchkey_audit_events_total',
    help: 'Audit events.',
    labelNames: ['event'] as const,
    registers,
  })
  const moves = new Histogram({
    name: 'latchkey_store_duration_seconds',
    help: 'How long moves of the store took, failed ones included.',
    labelNames: ['move'] as const,
    buckets: BUCKETS,
    registers,
  })
  const moveErrors = new Counter({
    name: 'latchkey_store_errors_total',
    help: 'Moves of the store that failed, by kind of failure.',
    labelNames: ['move', 'kind'] as const,
    registers,
  })
  new Gauge({
    name: 'latchkey_build_info',
    help: 'Always 1; its labels say what is running.',
    labelNames: ['version', 'node'] as const,
    // Of several processes together it is 1, too.
    aggregator: 'first',
    registers,
  }).set({ version, node: process.versions.node }, 1)
  const cause = createBoundedLabels(MOST_CAUSES)

  return {
    request({ endpoint, method, status, outcome, seconds, grantType, refusal }) {
      requests.inc({ endpoint, method, status_class: `${Math.floor(status / 100)}xx`, outcome })
      durations.observe({ endpoint }, seconds)
      if (refusal !== undefined) refusals.inc({ endpoint, error: refusal.error, cause: cause(refusal.cause) })
      if (grantType !== undefined && outcome !== 'aborted') {
        tokenRequests.inc({ grant_type: grantType, outcome: refusal?.error ?? 'ok' })
      }
    },
    event: (event) => events.inc({ event }),
    move(move, seconds, failure) {
      moves.observe({ move }, seconds)
      if (failure !== undefined) moveErrors.inc({ move, kind: failure })
    },
    text: () => registry.metrics(),
    numbers: () => registry.getMetricsAsJSON(),
    contentType: registry.contentType,
    registry,
  }
}
