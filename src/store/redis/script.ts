import type { Redis } from 'ioredis'
import { StoreUnavailable } from '../store.ts'

/** A Lua script of this store: one atomic move. */
export interface Script {
  /** Unique; the command name it is registered under. */
  name: string
  keys: number
  lua: string
}

type Argument = string | number

/**
 * Registers the script with the connection and gives the function that runs it. It goes by its SHA-1 and is loaded again
 * by itself where Redis has forgotten it, as after a restart.
 */
export function register(redis: Redis, script: Script): (keys: string[], args: Argument[]) => Promise<string[]> {
  redis.defineCommand(script.name, { numberOfKeys: script.keys, lua: script.lua })
  const commands = redis as unknown as Record<string, (...args: Argument[]) => Promise<string[]>>
  return (keys, args) =>
    reach(() => (commands[script.name] as (...args: Argument[]) => Promise<string[]>).call(redis, ...keys, ...args))
}

/** Runs a command and turns every failure of Redis into StoreUnavailable. */
export async function reach<T>(command: () => Promise<T>): Promise<T> {
  try {
    return await command()
  } catch (error) {
    throw new StoreUnavailable(error)
  }
}
