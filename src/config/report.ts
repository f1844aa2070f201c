import type { Config } from './load.ts'
import { Problems } from './problem.ts'
import { type Environment, readVariable } from './read-variable.ts'
import { schema } from './schema.ts'
import type { Variable } from './variables/variable.ts'

/** A variable as it takes effect, without its secrets. */
export interface ReportedVariable {
  name: string
  section: string
  /** Undefined: it has none. */
  value: string | undefined
  source: 'default' | 'environment' | 'file'
}

const HIDDEN = 'set (hidden)'
const BROKEN = 'not valid'

/**
 * Every variable with its effective value and where that came from; secrets are never in it.
 *
 * @param config what was read from these variables, or undefined where it has problems
 */
export function reportVariables(
  env: Environment,
  readFile: (path: string) => string,
  config: Config | undefined,
): ReportedVariable[] {
  // The two defaults that hang on other variables.
  const derived: Partial<Record<string, string | undefined>> = {
    ISSUER: config?.issuer,
    DEFAULT_RESOURCE: config?.resources.fallback.uri,
  }
  return Object.entries(schema).map(([name, row]: [string, Variable<unknown>]) => {
    const { section } = row
    try {
      const given = readVariable(env, name, readFile)
      if (given === undefined) return { name, section, value: row.fallback ?? derived[name], source: 'default' }
      return { name, section, value: shown(row, given.text), source: given.source }
    } catch (error) {
      if (!(error instanceof Problems)) throw error
      return { name, section, value: BROKEN, source: env[`${name}_FILE`] ? 'file' : 'environment' }
    }
  })
}

/** A value that is not right is not shown either: who knows what was put there. */
function shown(row: Variable<unknown>, text: string): string {
  row.parse(text)
  return row.secret === true ? HIDDEN : text
}
