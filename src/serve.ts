import cluster from 'node:cluster'
import { readFileSync } from 'node:fs'
import { type Config, loadConfig } from './config/load.ts'
import { ConfigError } from './config/problem.ts'
import type { Environment } from './config/read-variable.ts'
import { buildPages, supported } from './deps.ts'
import { runServer } from './process/run-server.ts'
import { runWorkers } from './process/run-workers.ts'

/** sysexits.h EX_CONFIG: the configuration is at fault, so starting again will not help. */
const EXIT_CONFIG = 78

/**
 * Runs the server until SIGTERM or SIGINT ends it: in this process, or in as many workers as WEB_CONCURRENCY says, each of
 * which comes here again.
 *
 * @param env read now, and the files it names again at every SIGHUP
 * @returns the exit code: 78 where the configuration has problems, 0 where the server is on its way
 */
export async function serve(env: Environment): Promise<number> {
  const load = () => loadConfig(env, supported, (path) => readFileSync(path, 'utf8'))
  let config: Config
  try {
    config = load()
    // Here, where nothing has begun, so that workers do not find it one after the other.
    buildPages(config)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const lines = error.problems.map((problem) => `  - ${problem}`)
    process.stderr.write(`Latchkey cannot start: ${error.message}.\n${lines.join('\n')}\n`)
    return EXIT_CONFIG
  }
  if (config.workers > 1 && cluster.isPrimary) await runWorkers(config, env)
  else await runServer(config, load)
  return 0
}
