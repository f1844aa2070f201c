import type { Link } from './link.ts'

/** A Lua script of this store: one atomic move. */
export interface Script {
  /** Unique; the command name it is registered under. */
  name: string
  keys: number
  lua: string
}

type Argument = string | number

type Run = (keys: string[], args: Argument[]) => Promise<string[]>

/**
 * Registers the script with the connection and gives the function that runs it. It goes by its SHA-1 and is loaded again
 * by itself where Redis has forgotten it, as after a restart. Where its answer was lost it runs once more with the same
 * arguments.
 *
 * @param options.handsOut the statuses after which something is handed out that replicas must know of
 */
export function register(link: Link, script: Script, { handsOut = [] }: { handsOut?: readonly string[] } = {}): Run {
  link.connection.defineCommand(script.name, { numberOfKeys: script.keys, lua: script.lua })
  const commands = link.connection as unknown as Record<string, (...args: Argument[]) => Promise<string[]>>
  return (keys, args) =>
    link.ask(
      () =>
        (commands[script.name] as (...args: Argument[]) => Promise<string[]>).call(link.connection, ...keys, ...args),
      // The record that a move is about is its last key: an interaction ends in its authorization.
      { handsOut: ([status = '']) => (handsOut.includes(status) ? keys.at(-1) : undefined) },
    )
}
