import type { Io } from './io.ts'

/** One option of a command; its name on the command line is its key in `options`. */
export interface Option {
  readonly type: 'string' | 'boolean'
  /** May be given more than once. */
  readonly multiple?: true
  /** What stands for the value in the help. */
  readonly value?: string
  readonly summary: string
}

export type Options = Readonly<Record<string, Option>>

type ValueOf<O extends Option> = O['type'] extends 'boolean'
  ? boolean | undefined
  : O['multiple'] extends true
    ? readonly string[] | undefined
    : string | undefined

/** The values of the options that were given. */
export type Values<O extends Options = Options> = { readonly [K in keyof O]: ValueOf<O[K]> }

/** A command of the command line. To add one: one file like this, and its line in the registry. */
export interface Command<O extends Options = Options> {
  /** The words it is called by. */
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** What its help says beyond the options, wrapped by hand. */
  readonly usage: string
  readonly options: O
  /** What stands for the one argument beside the options in the help, where it takes one. Never a secret. */
  readonly argument?: string
  /** Does the work and answers with the exit code. Throws CliError. */
  run(values: Values<O>, io: Io, argument: string | undefined): Promise<number> | number
}

/** A command whose `run` knows the types of its own options. */
export function command<const O extends Options>(definition: Command<O>): Command {
  return definition
}

/** The option of commands that have a result which programs read. */
export const json = { type: 'boolean', summary: 'print JSON' } as const satisfies Option
