import cluster, { type Worker } from 'node:cluster'
import type { Config } from '../config/load.ts'
import type { Environment } from '../config/read-variable.ts'
import { systemClock } from '../lib/clock.ts'
import { createLogger } from '../telemetry/logger.ts'
import { createRequestScopes } from '../telemetry/request-scope.ts'
import { createSummedMetrics } from '../telemetry/summed-metrics.ts'
import { gatherMetrics } from './gathered-metrics.ts'
import { DRAIN_LIMIT } from './limits.ts'
import { answerForWorkers, listenForOperators } from './operators.ts'
import { createRestarts } from './restarts.ts'
import { onStopSignals } from './signals.ts'
import { tell, type WorkerMessage } from './worker-messages.ts'

/** What workers may take to end beyond what they are allowed, in milliseconds. */
const PATIENCE = 2000

/**
 * Serves by worker processes that share the port; this one only starts them, passes on what it is told, and ends when they
 * have. Workers end with it: one that loses its primary is gone at once.
 *
 * @param env handed on to the workers
 */
export async function runWorkers(config: Config, env: Environment): Promise<void> {
  const logger = createLogger({ level: config.logLevel, requests: createRequestScopes() })
  const restarts = createRestarts(systemClock)
  const living = new Set<Worker>()
  const listeningSince = new Map<Worker, number>()
  /** The exit code, once it is time to end. */
  let ending: number | undefined

  const start = () => {
    if (ending === undefined) living.add(cluster.fork({ ...env }))
  }
  const tellAll = (message: WorkerMessage) => {
    for (const worker of living) tell(worker, message)
  }
  const endWith = (code: number) => {
    ending = code
    if (living.size === 0) process.exit(code)
    tellAll('stop')
    // A worker that hangs hears nothing.
    setTimeout(killAll, config.drainDelay + DRAIN_LIMIT + PATIENCE)
  }
  const killAll = () => {
    for (const worker of living) worker.process.kill('SIGKILL')
  }

  cluster.on('listening', (worker) => {
    listeningSince.set(worker, systemClock.now())
    restarts.listening()
    if (listeningSince.size === config.workers) logger.info({ workers: config.workers }, 'all workers are listening')
  })
  cluster.on('exit', (worker, code, signal) => {
    const since = listeningSince.get(worker)
    listeningSince.delete(worker)
    living.delete(worker)
    if (ending !== undefined) {
      if (code !== 0) ending = 1
      if (living.size === 0) process.exit(ending)
      return
    }
    const next = restarts.afterDeath({ listeningSince: since, othersServe: listeningSince.size > 0 })
    const about = { worker: worker.id, pid: worker.process.pid, code, signal }
    if (next === 'give-up') {
      logger.fatal(about, 'the workers die at their start; giving up')
      endWith(1)
    } else {
      logger.error({ ...about, pause: next.pause }, 'a worker died; another one will take its place')
      setTimeout(start, next.pause)
    }
  })

  process.on('SIGHUP', () => tellAll('reload'))
  onStopSignals(
    {
      stop(signal) {
        logger.info({ pid: process.pid, signal, delay: config.drainDelay }, 'stopping the workers')
        endWith(0)
      },
      insist() {
        killAll()
        process.exit(1)
      },
    },
    systemClock,
  )

  if (config.metrics !== undefined) {
    const summed = await createSummedMetrics()
    const text = gatherMetrics(() => listeningSince.keys(), summed)
    const answer = answerForWorkers(
      { text, contentType: summed.contentType },
      { config, stopping: () => ending !== undefined },
    )
    listenForOperators(answer, { config, logger })
  }

  for (const warning of config.warnings) logger.warn(warning)
  logger.info({ pid: process.pid, workers: config.workers }, 'starting the workers')
  for (let count = 0; count < config.workers; count++) start()
}
