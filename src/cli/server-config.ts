import { readFileSync } from 'node:fs'
import { type Config, loadConfig } from '../config/load.ts'
import { ConfigError } from '../config/problem.ts'
import { CliError, EXIT } from './exit.ts'
import type { Io } from './io.ts'

/**
 * The configuration as the server reads it, from the same environment.
 *
 * @throws CliError with code 78 and every problem
 */
export async function readServerConfig({ env }: Io): Promise<Config> {
  const { supported } = await import('../deps.ts')
  try {
    return loadConfig(env, supported, (path) => readFileSync(path, 'utf8'))
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new CliError(EXIT.config, `${error.message}; latchkey check explains it`, ...error.problems)
  }
}
