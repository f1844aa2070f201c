import { readFileSync } from 'node:fs'
import { type Config, loadConfig } from '../../config/load.ts'
import { ConfigError } from '../../config/problem.ts'
import { type ReportedVariable, reportVariables } from '../../config/report.ts'
import type { Views } from '../../http/views.ts'
import { command, json } from '../command.ts'
import { EXIT } from '../exit.ts'
import { columns } from '../help.ts'
import type { Io } from '../io.ts'
import { describe, table } from './keys-list.ts'

/** Of a value in the report for people; the JSON has all of it. */
const LONGEST_SHOWN = 60

/** What is known about a configuration. */
interface Report {
  variables: readonly ReportedVariable[]
  /** Undefined where there are problems. */
  config: Config | undefined
  /** The pages that people will see; undefined where there are problems. */
  views: Views | undefined
  problems: readonly string[]
}

export const check = command({
  name: 'check',
  summary: 'show the configuration and everything that is wrong with it',
  usage: `Reads the environment as the server does and shows every variable with its effective value
and where that came from: default, environment or file (NAME_FILE). Secrets are never shown.
Nothing is started or connected to.

Exit code 78 means that the server would not start; all of the problems are printed.`,
  options: { json },
  async run({ json: asJson }, io) {
    const report = await inspect(io)
    if (asJson === true) io.out(`${JSON.stringify(asDocument(report), null, 2)}\n`)
    else print(report, io)
    return report.problems.length === 0 ? EXIT.ok : EXIT.config
  },
})

async function inspect({ env }: Io): Promise<Report> {
  const { buildPages, supported } = await import('../../deps.ts')
  const readFile = (path: string) => readFileSync(path, 'utf8')
  try {
    const config = loadConfig(env, supported, readFile)
    const { views } = buildPages(config)
    return { variables: reportVariables(env, readFile, config), config, views, problems: [] }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return {
      variables: reportVariables(env, readFile, undefined),
      config: undefined,
      views: undefined,
      problems: error.problems,
    }
  }
}

function asDocument({ variables, config, views, problems }: Report): object {
  return {
    ok: problems.length === 0,
    variables: variables.map(({ name, value, source }) => ({ name, value: value ?? null, source })),
    ...(config === undefined
      ? {}
      : { counts: countsOf(config), signing_keys: config.signingKeys?.map(describe) ?? [] }),
    languages: views?.languages.map(({ tag }) => tag) ?? [],
    warnings: config?.warnings ?? [],
    problems,
  }
}

function print({ variables, config, views, problems }: Report, io: Io): void {
  for (const section of new Set(variables.map((variable) => variable.section))) {
    const rows = variables.filter((variable) => variable.section === section)
    io.out(`${section}\n${columns(rowsOf(rows)).join('\n')}\n\n`)
  }
  if (config !== undefined) {
    const counts = Object.entries(countsOf(config)).map(([name, count]): [string, string] => [name, `${count}`])
    io.out(`Counts\n${columns(counts).join('\n')}\n`)
    if (config.signingKeys !== undefined)
      io.out(`\nSigning keys\n${table(config.signingKeys).replace(/^/gm, '  ').trimEnd()}\n`)
    io.out(`\nLanguages\n  ${views?.languages.map(({ name }) => name).join(', ')}\n`)
    if (config.warnings.length > 0) io.out(`\nWarnings\n${list(config.warnings)}`)
    io.out('\nThe server would start.\n')
    return
  }
  io.err(`The server would not start: ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}.\n`)
  io.err(list(problems))
}

function rowsOf(variables: readonly ReportedVariable[]): Array<[string, string]> {
  return variables.map(({ name, value, source }) => [name, `${source.padEnd('environment'.length)}  ${short(value)}`])
}

/** One line, however long a JSON value is. */
function short(value: string | undefined): string {
  if (value === undefined) return 'not set'
  const line = value.replace(/\s+/g, ' ')
  return line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN - 3)}...` : line
}

function list(sentences: readonly string[]): string {
  return sentences.map((sentence) => `  - ${sentence}\n`).join('')
}

function countsOf(config: Config): Record<string, number> {
  return {
    clients: config.clients.length,
    users: config.users.length,
    scopes: Object.keys(config.scopes).length,
    resources: config.resources.byUri.size,
  }
}
