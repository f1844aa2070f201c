import { wrap } from '../lib/wrap.ts'
import type { Command } from './command.ts'

const WIDTH = 96
const HEAD = 'Latchkey, an OAuth 2.1 authorization server.'

/** The help of the whole command line, or of the commands that share a first word. */
export function helpOfAll(commands: readonly Command[]): string {
  return [
    HEAD,
    '',
    'Usage: latchkey <command> [options]',
    '',
    'Commands:',
    ...columns(commands.map(({ name, summary }) => [name, summary])),
    '',
    'Options:',
    ...columns([
      ['-h, --help', 'show this help, or that of a command'],
      ['--version', 'show the version'],
    ]),
    '',
  ].join('\n')
}

/** The help of one command. */
export function helpOf(command: Command): string {
  const rows = Object.entries(command.options).map(([name, option]): [string, string] => [
    `--${name}${option.type === 'string' ? ` <${option.value ?? 'text'}>` : ''}`,
    option.summary + (option.multiple === true ? '; may be repeated' : ''),
  ])
  return [
    ['Usage: latchkey', command.name, command.argument ?? [], rows.length === 0 ? [] : '[options]'].flat().join(' '),
    '',
    command.usage,
    '',
    'Options:',
    ...columns([...rows, ['-h, --help', 'show this help']]),
    '',
  ].join('\n')
}

/** Rows of two columns, the second one aligned, and wrapped where it is long. */
export function columns(rows: ReadonlyArray<readonly [string, string]>): string[] {
  const left = Math.max(...rows.map(([first]) => first.length))
  return rows.flatMap(([first, second]) =>
    wrap(second, WIDTH - left).map((line, index) => `  ${(index === 0 ? first : '').padEnd(left)}  ${line}`.trimEnd()),
  )
}
