import type { Request, Response } from 'express'
import type { Random } from '../lib/random.ts'
import { stopwatch } from '../lib/stopwatch.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { FinishedRequest, Metrics, Outcome } from '../telemetry/metrics.ts'
import type { RequestScope, RequestScopes } from '../telemetry/request-scope.ts'
import type { Tracing } from '../telemetry/tracing.ts'
import { factsOf } from './request-facts.ts'
import { proxyHeader, REQUEST_ID_HEADER, readRequestId } from './request-id.ts'

/** The methods that have a name in the metrics; which others there are is up to callers. */
const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS']

/** SpanStatusCode.ERROR; the package that names it is loaded only where there is tracing. */
const SPAN_ERROR = 2

/** Does the work of a request and gives what that gives. */
export type Observer = <T>(req: Request, res: Response, work: () => T) => T

interface ObserveDeps {
  logger: Logger
  metrics: Metrics | undefined
  tracing: Tracing | undefined
  requests: RequestScopes
  random: Random
}

/**
 * Stands before everything else: gives each request its id, and sees how it ends. What it tells log, metrics and spans is
 * what this server noted of the request, and no text of the request itself.
 */
export function observe(deps: ObserveDeps): Observer {
  const { tracing, requests, random } = deps
  return (req, res, work) => {
    const id = readRequestId(req) ?? random.shortId()
    res.setHeader(REQUEST_ID_HEADER, id)
    const scope = { id, span: tracing?.begin(proxyHeader(req, 'traceparent')) }
    const elapsed = stopwatch()
    res.once('close', () => record(finished(req, res, elapsed()), scope, res, deps))
    return requests.run(scope, work)
  }
}

function finished(req: Request, res: Response, seconds: number): FinishedRequest {
  const { endpoint = 'none', grantType, refusal } = factsOf(res)
  return {
    endpoint,
    method: METHODS.includes(req.method) ? req.method : 'other',
    status: res.statusCode,
    outcome: outcomeOf(res),
    seconds,
    grantType,
    refusal: refusal && { error: refusal.code, cause: refusal.cause },
  }
}

function outcomeOf(res: Response): Outcome {
  if (!res.writableFinished) return 'aborted'
  const { refusal } = factsOf(res)
  if (refusal === undefined) return 'ok'
  return refusal.status >= 500 ? 'failed' : 'refused'
}

function record(request: FinishedRequest, { id, span }: RequestScope, res: Response, deps: ObserveDeps): void {
  const { endpoint, method, status, outcome, seconds, refusal } = request
  const { client_id } = factsOf(res)
  deps.metrics?.request(request)
  if (deps.logger.isLevelEnabled('debug')) {
    const ms = Math.round(seconds * 1e6) / 1000
    deps.logger.debug({ request_id: id, endpoint, method, status, outcome, ms, client_id }, 'answered')
  }
  if (span === undefined) return
  span.updateName(`${method} ${endpoint}`)
  span.setAttributes({
    'http.request.method': method,
    'http.route': endpoint,
    'http.response.status_code': status,
    'latchkey.outcome': outcome,
    'latchkey.request_id': id,
    ...(client_id === undefined ? {} : { 'latchkey.client_id': client_id }),
    ...(refusal === undefined ? {} : { 'error.type': refusal.error, 'latchkey.cause': refusal.cause }),
  })
  if (outcome === 'failed') span.setStatus({ code: SPAN_ERROR })
  span.end()
}
