import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createApp } from './app.ts'
import { type Config, loadConfig } from './config/load.ts'
import { ConfigError } from './config/problem.ts'
import { buildDeps, supported } from './deps.ts'

/** sysexits.h EX_CONFIG: the configuration is at fault, so starting again will not help. */
const EXIT_CONFIG = 78
const DRAIN_LIMIT = 10_000
const REQUEST_LIMIT = 30_000
const HEADERS_LIMIT = 10_000

const config = loadOrExit()
const deps = await buildDeps(config)
const { logger } = deps
for (const warning of config.warnings) logger.warn(warning)

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
  const store = config.redis === undefined ? 'memory' : 'redis'
  logger.info({ issuer: config.issuer, host: config.host, port: config.port, store }, 'latchkey is listening')
})

process.on('SIGHUP', () => {
  reload().catch((error: unknown) => logger.error({ err: error }, 'reload failed; the old configuration stays'))
})
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => drain(signal))

function load(): Config {
  return loadConfig(process.env, supported, (path) => readFileSync(path, 'utf8'))
}

function loadOrExit(): Config {
  try {
    return load()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const lines = error.problems.map((problem) => `  - ${problem}`)
    process.stderr.write(`Latchkey cannot start: ${error.message}.\n${lines.join('\n')}\n`)
    process.exit(EXIT_CONFIG)
  }
}

async function reload(): Promise<void> {
  try {
    const next = load()
    await deps.reload(next)
    logger.info(
      { clients: next.clients.length, users: next.users.length },
      'clients, users, scopes and keys were read again',
    )
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    logger.error({ problems: error.problems }, 'the new configuration has problems; the old one stays')
  }
}

/** Lets requests under way finish, within a limit, and ends. */
function drain(signal: string): void {
  stopping = true
  logger.info({ signal }, 'stopping')
  const limit = setTimeout(() => server.closeAllConnections(), DRAIN_LIMIT)
  server.close(() => {
    clearTimeout(limit)
    deps.store.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  })
  server.closeIdleConnections()
}
