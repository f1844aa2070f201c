import { parseArgs } from 'node:util'
import { editDistance, nearest } from '../lib/nearest.ts'
import type { Command, Option, Options, Values } from './command.ts'
import { usageError } from './exit.ts'

/** Understood everywhere. */
const HELP: Option = { type: 'boolean', summary: 'show this help' }

/** The call of a command: what its options are, or that its help is wanted. */
export type Call = { help: true } | { help: false; values: Values; argument: string | undefined }

/**
 * Reads what follows the name of a command.
 *
 * @throws CliError with exit code 64 for anything the command does not know. Values are not repeated: they may be secrets
 * that someone gave in the wrong place.
 */
export function readArguments(command: Command, args: readonly string[]): Call {
  const options: Options = { ...command.options, help: HELP }
  const seeHelp = `See latchkey ${command.name} --help`
  // Not strict: node's own refusals have texts that change, and know no suggestions.
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { type }]) => [name, name === 'help' ? { type, short: 'h' } : { type }]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })

  const values: Record<string, boolean | string | string[]> = {}
  let argument: string | undefined
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (command.argument === undefined) {
        throw usageError(`latchkey ${command.name} takes options only, no other arguments. ${seeHelp}`)
      }
      if (argument !== undefined) throw usageError(`latchkey ${command.name} takes one ${command.argument}. ${seeHelp}`)
      argument = token.value
      continue
    }
    if (token.kind !== 'option') continue
    const { name, rawName } = token
    const option = Object.hasOwn(options, name) ? options[name] : undefined
    if (option === undefined) throw usageError(unknownOption(command, rawName, Object.keys(options)))
    if (option.type === 'boolean') {
      if (token.value !== undefined) throw usageError(`${rawName} takes no value. ${seeHelp}`)
      values[name] = true
      continue
    }
    if (token.value === undefined || token.value === '' || (token.value.startsWith('-') && !token.inlineValue)) {
      throw usageError(`${rawName} needs a value; one that begins with - is given as ${rawName}=... . ${seeHelp}`)
    }
    const earlier = values[name]
    if (option.multiple === true) values[name] = [...(Array.isArray(earlier) ? earlier : []), token.value]
    else if (earlier === undefined) values[name] = token.value
    else throw usageError(`${rawName} is given twice. ${seeHelp}`)
  }
  return values.help === true ? { help: true } : { help: false, values: values as Values, argument }
}

/** The candidate that was surely meant, or undefined. */
export function suggestion(text: string, candidates: readonly string[]): string | undefined {
  const close = nearest(text, candidates)
  if (close === undefined || editDistance(text.slice(0, 64), close) > Math.max(2, close.length / 3)) return undefined
  return close
}

function unknownOption(command: Command, rawName: string, names: readonly string[]): string {
  const meant = suggestion(
    rawName,
    names.map((name) => `--${name}`),
  )
  const hint = meant === undefined ? `See latchkey ${command.name} --help` : `Did you mean ${meant}?`
  return `latchkey ${command.name} has no option ${rawName.slice(0, 40)}. ${hint}`
}
