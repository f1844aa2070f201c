import cluster from 'node:cluster'
import { createApp, createOperatorsApp } from '../app.ts'
import type { Config } from '../config/load.ts'
import { buildDeps, type Deps } from '../deps.ts'
import { requestClassesOf } from '../http/request-classes.ts'
import { systemClock } from '../lib/clock.ts'
import { createLogger } from '../telemetry/logger.ts'
import { createRequestScopes } from '../telemetry/request-scope.ts'
import { watchAnswers } from './answers.ts'
import { refuseBadHttp } from './bad-http.ts'
import { createDrain } from './drain.ts'
import { onFault } from './faults.ts'
import { createHttpServer, httpLimits } from './http-server.ts'
import { DRAIN_LIMIT, FAULT_LIMIT } from './limits.ts'
import { listenForOperators } from './operators.ts'
import { reload } from './reload.ts'
import { onStopSignals } from './signals.ts'
import { onMessage, tellNumbers } from './worker-messages.ts'

/**
 * Serves in this process, as the only one or as a worker, until a signal or the primary ends it.
 *
 * @param load reads the configuration again
 */
export async function runServer(config: Config, load: () => Config): Promise<void> {
  const { worker } = cluster
  const requests = createRequestScopes()
  const root = createLogger({ level: config.logLevel, requests })
  const logger = worker === undefined ? root : root.child({ worker: worker.id })

  // Listened to before the parts are there, which may take until Redis is: an unheard signal would end the process, or, as
  // PID 1 of a container, be lost.
  let stop: () => void = () => process.exit(0)
  const building = buildDeps(config, { logger, requests })
  // One reload after the other, so that the newest configuration is the one that stays.
  let reloaded: Promise<unknown> = building
  const hangUp = () => {
    reloaded = reloaded.then(async () => reload(await building, load))
  }
  process.on('SIGHUP', hangUp)
  // For a worker, the primary counts the signals.
  const insist = () => worker === undefined && process.exit(1)
  onStopSignals({ stop: () => stop(), insist }, systemClock)
  const measure = async () => {
    const { metrics } = await building
    if (metrics !== undefined) tellNumbers(await metrics.numbers())
  }
  onMessage({ stop: () => stop(), reload: hangUp, measure })

  const deps = await building
  // The primary has told those of the configuration, and has no store; what that puts at risk, one worker tells.
  if (worker === undefined) for (const warning of config.warnings) logger.warn(warning)
  if (worker === undefined || worker.id === 1) {
    const { problems, warnings } = await deps.store.check(deps.clock.now())
    for (const sentence of [...problems, ...warnings]) logger.warn(sentence)
  }
  stop = listen(deps)
}

/** Listens; gives the way to stop. */
function listen(deps: Deps): () => void {
  const { config, logger, metrics } = deps
  // Readiness asks the drain, which needs the server, which needs the application.
  let draining = () => false
  const limits = { ...httpLimits, maxConnections: config.maxConnections }
  const app = createApp(deps, () => draining())
  const server = createHttpServer(app, limits, requestClassesOf(app))
  const answers = watchAnswers(server)
  refuseBadHttp(server, { ...deps, answers })
  const drain = createDrain(server, answers)
  draining = drain.begun

  server.on('error', (error) => {
    logger.fatal({ reason: error.message }, 'cannot listen')
    process.exit(1)
  })
  server.listen(config.port, config.host, () => {
    const kind = config.redis === undefined ? 'memory' : 'redis'
    const { issuer, host, port } = config
    logger.info({ pid: process.pid, issuer, host, port, store: kind }, 'latchkey is listening')
  })

  let code = 0
  const end = (steps: { delay: number; limit: number }) => {
    drain
      .begin(steps)
      .then(() => deps.close())
      .then(
        () => process.exit(code),
        () => process.exit(1),
      )
  }
  // Workers leave it to the primary: there is one port, and one server to be seen.
  if (metrics !== undefined && cluster.isPrimary) {
    listenForOperators(createOperatorsApp(deps, metrics, drain.begun), deps)
  }
  onFault(() => {
    code = 1
    // Also where a longer drain has begun, or the fault is in the drain.
    setTimeout(() => process.exit(1), FAULT_LIMIT)
    end({ delay: 0, limit: FAULT_LIMIT })
  }, deps)
  return () => {
    if (drain.begun()) return
    logger.info({ pid: process.pid, delay: config.drainDelay }, 'stopping')
    end({ delay: config.drainDelay, limit: DRAIN_LIMIT })
  }
}
