import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createApp } from './app.ts'
import { type Config, loadConfig } from './config/load.ts'
import { ConfigError } from './config/problem.ts'
import type { Environment } from './config/read-variable.ts'
import { buildDeps, type Deps, supported } from './deps.ts'

/** sysexits.h EX_CONFIG: the configuration is at fault, so starting again will not help. */
const EXIT_CONFIG = 78
const DRAIN_LIMIT = 10_000
const REQUEST_LIMIT = 30_000
const HEADERS_LIMIT = 10_000

/**
 * Runs the server in this process until SIGTERM or SIGINT ends both.
 *
 * @param env read now, and the files it names again at every SIGHUP
 * @returns the exit code: 78 where the configuration has problems, 0 where the server is on its way
 */
export async function serve(env: Environment): Promise<number> {
  const load = () => loadConfig(env, supported, (path) => readFileSync(path, 'utf8'))
  let config: Config
  try {
    config = load()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return refuse(error)
  }
  const building = buildDeps(config)
  // Before the parts are there, which may take until Redis is: an unhandled SIGHUP would end the process. One reload after
  // the other, so that the newest configuration is the one that stays.
  let reloaded: Promise<unknown> = building
  process.on('SIGHUP', () => {
    reloaded = reloaded.then(async () => reload(await building, load))
  })
  let deps: Deps
  try {
    deps = await building
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return refuse(error)
  }
  for (const warning of config.warnings) deps.logger.warn(warning)
  listen(deps)
  return 0
}

function refuse(error: ConfigError): number {
  const lines = error.problems.map((problem) => `  - ${problem}`)
  process.stderr.write(`Latchkey cannot start: ${error.message}.\n${lines.join('\n')}\n`)
  return EXIT_CONFIG
}

/** Listens, and drains at the first SIGTERM or SIGINT: as PID 1 of a container there is nobody else to do it. */
function listen(deps: Deps): void {
  const { config, logger, store } = deps
  let stopping = false
  const server = createServer(
    { requestTimeout: REQUEST_LIMIT, headersTimeout: HEADERS_LIMIT },
    createApp(deps, () => stopping),
  )
  server.on('error', (error) => {
    logger.fatal({ reason: error.message }, 'cannot listen')
    process.exit(1)
  })
  server.listen(config.port, config.host, () => {
    const kind = config.redis === undefined ? 'memory' : 'redis'
    logger.info({ issuer: config.issuer, host: config.host, port: config.port, store: kind }, 'latchkey is listening')
  })

  /** Lets requests under way finish, within a limit, and ends. */
  const drain = (signal: string) => {
    stopping = true
    logger.info({ signal }, 'stopping')
    const limit = setTimeout(() => server.closeAllConnections(), DRAIN_LIMIT)
    server.close(() => {
      clearTimeout(limit)
      store.close().then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
    server.closeIdleConnections()
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => drain(signal))
}

async function reload(deps: Deps, load: () => Config): Promise<void> {
  const { logger } = deps
  try {
    const next = load()
    await deps.reload(next)
    logger.info(
      { clients: next.clients.length, users: next.users.length },
      'clients, users, scopes, resources and keys were read again',
    )
  } catch (error) {
    if (!(error instanceof ConfigError))
      return logger.error({ err: error }, 'reload failed; the old configuration stays')
    logger.error({ problems: error.problems }, 'the new configuration has problems; the old one stays')
  }
}
