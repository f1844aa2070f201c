import { readFileSync } from 'node:fs'
import { Problems } from '../config/problem.ts'
import { type Environment, readVariable } from '../config/read-variable.ts'
import { readScopes } from '../config/scopes.ts'
import { CliError, EXIT } from './exit.ts'

/** The names of the scopes in the environment, or undefined where none are described there. */
export function knownScopes(env: Environment): string[] | undefined {
  try {
    const given = readVariable(env, 'SCOPES', (path) => readFileSync(path, 'utf8'))
    return given === undefined ? undefined : Object.keys(readScopes(given.text))
  } catch (error) {
    if (!(error instanceof Problems)) throw error
    throw new CliError(EXIT.config, ...error.lines.map((line) => `SCOPES ${line}`))
  }
}
