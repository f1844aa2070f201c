import { get, type RequestListener, type ServerResponse } from 'node:http'
import type { Config } from '../config/load.ts'
import { RETRY_SOON } from '../http/retry-after.ts'
import type { Logger } from '../telemetry/logger.ts'
import { createHttpServer, httpLimits } from './http-server.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
/** How long a worker may take to say whether it is ready, in milliseconds: more than its store may. */
const READY_WITHIN = 2500

/** Where to find what listens on all addresses. */
const EVERYWHERE: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

/** Opens METRICS_PORT. It answers until the process ends, so that the end can be watched too. */
export function listenForOperators(
  listener: RequestListener,
  { config, logger }: { config: Config; logger: Logger },
): void {
  if (config.metrics === undefined) return
  const { host, port } = config.metrics
  const server = createHttpServer(listener, { ...httpLimits, maxConnections: config.maxConnections })
  server.on('error', (error) => {
    logger.fatal({ reason: error.message }, 'cannot listen on METRICS_PORT')
    process.exit(1)
  })
  server.listen(port, host, () => logger.info({ host, port }, 'metrics are served'))
}

/**
 * What the primary answers operators for all its workers: it has no store and no application of its own.
 *
 * @param metrics their sum, and its media type
 */
export function answerForWorkers(
  metrics: { text(): Promise<string>; contentType: string },
  { config, stopping }: { config: Config; stopping(): boolean },
): RequestListener {
  return (req, res) => {
    const path = req.url?.split('?', 1)[0]
    res.setHeader('Cache-Control', 'no-store')
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.setHeader('Allow', 'GET, HEAD')
      return sendJson(res, 405, { error: 'invalid_request', error_description: 'this address answers GET, HEAD only' })
    }
    if (path === '/healthz') return sendJson(res, 200, { status: 'ok' })
    if (path === '/readyz') return stopping() ? sendUnready(res, 'the server is stopping') : askWorker(res, config)
    if (path !== '/metrics') {
      return sendJson(res, 404, { error: 'invalid_request', error_description: 'there is nothing at this address' })
    }
    metrics.text().then(
      (text) => res.writeHead(200, { 'Content-Type': metrics.contentType }).end(text),
      () => sendJson(res, 500, { error: 'server_error', error_description: 'the metrics cannot be added up' }),
    )
  }
}

/** Whether the server is ready is what one of the workers says: whichever the port gives the question to. */
function askWorker(res: ServerResponse, { port, host }: Config): void {
  const question = get(
    { port, host: EVERYWHERE[host] ?? host, path: '/readyz', agent: false, timeout: READY_WITHIN },
    (answer) => {
      const { 'content-type': type = JSON_TYPE, 'retry-after': retry } = answer.headers
      res.writeHead(answer.statusCode ?? 503, {
        'Content-Type': type,
        ...(retry === undefined ? {} : { 'Retry-After': retry }),
      })
      answer.pipe(res)
    },
  )
  question.on('timeout', () => question.destroy(new Error('no answer')))
  question.on('error', () => (res.headersSent ? res.destroy() : sendUnready(res, 'no worker answers')))
}

function sendUnready(res: ServerResponse, reason: string): void {
  res.setHeader('Retry-After', RETRY_SOON)
  sendJson(res, 503, { status: 'unavailable', reasons: [reason] })
}

function sendJson(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'Content-Type': JSON_TYPE }).end(JSON.stringify(body))
}
