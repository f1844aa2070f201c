import { packageVersion } from '../lib/package-version.ts'
import { readArguments, suggestion } from './arguments.ts'
import type { Command } from './command.ts'
import { CliError, EXIT, usageError } from './exit.ts'
import { helpOf, helpOfAll } from './help.ts'
import type { Io } from './io.ts'
import { commands } from './registry.ts'

const GLOBAL_OPTIONS = ['--help', '--version']

/**
 * Runs a command line and answers with the exit code; never throws.
 *
 * @param args what follows the name of the program
 */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(args, io)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    io.err(message.replace(/^/gm, 'latchkey: ').concat('\n'))
    return error instanceof CliError ? error.exitCode : EXIT.software
  }
}

async function dispatch(args: readonly string[], io: Io): Promise<number> {
  const [first, ...rest] = args
  if (first === undefined) {
    io.err(helpOfAll(commands))
    return EXIT.usage
  }
  if (first === '--version' || first === '-V') {
    io.out(`${packageVersion()}\n`)
    return EXIT.ok
  }
  // `latchkey help keys rotate` and `latchkey --help keys rotate` are what people try as well.
  if (first === 'help' || first === '--help' || first === '-h') return help(rest, io)

  const named = findCommand(args)
  if (named === undefined) return group(args, io)
  const call = readArguments(named.command, named.rest)
  if (!call.help) return named.command.run(call.values, io, call.argument)
  io.out(helpOf(named.command))
  return EXIT.ok
}

function help(words: readonly string[], io: Io): number {
  const named = findCommand(words)
  if (named !== undefined) io.out(helpOf(named.command))
  else if (words.length === 0) io.out(helpOfAll(commands))
  else return group([...words, '--help'], io)
  return EXIT.ok
}

/** What to say where the words name no command: the commands of a group, or what was meant. */
function group(args: readonly string[], io: Io): number {
  const words = args.filter((word) => !word.startsWith('-'))
  const members = commands.filter(({ name }) => name.startsWith(`${words[0]} `))
  if (words.length === 1 && members.length > 0) {
    const asked = args.some((word) => word === '--help' || word === '-h')
    io[asked ? 'out' : 'err'](helpOfAll(members))
    return asked ? EXIT.ok : EXIT.usage
  }
  if (words.length === 0) throw usageError(unknown('option', args[0] ?? '', suggestion(args[0] ?? '', GLOBAL_OPTIONS)))
  // A second word is repeated only behind the name of a group: it may be a secret in the wrong place.
  throw usageError(unknown('command', words.slice(0, members.length > 0 ? 2 : 1).join(' '), meant(words)))
}

function unknown(kind: string, text: string, meantInstead: string | undefined): string {
  const hint = meantInstead === undefined ? 'See latchkey --help' : `Did you mean ${meantInstead}?`
  return `unknown ${kind} ${text.slice(0, 60)}. ${hint}`
}

/** The command that the words were meant to name: misspelt, or its last word alone. */
function meant([first = '', second = '']: readonly string[]): string | undefined {
  const names = commands.map(({ name }) => name)
  const groups = names.map((name) => name.split(' ')[0] as string)
  const tails = names.filter((name) => name.split(' ').at(-1) === first)
  const named = suggestion(`${first} ${second}`, names) ?? suggestion(first, [...names, ...groups]) ?? tails[0]
  return named === undefined ? undefined : `latchkey ${named}`
}

/** The command that the first words name, and what follows them. */
function findCommand(args: readonly string[]): { command: Command; rest: readonly string[] } | undefined {
  for (const command of commands) {
    const words = command.name.split(' ')
    if (words.every((word, index) => args[index] === word)) return { command, rest: args.slice(words.length) }
  }
  return undefined
}
