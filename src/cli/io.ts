import type { ReadStream } from 'node:tty'
import type { Environment } from '../config/read-variable.ts'
import { type Clock, systemClock } from '../lib/clock.ts'
import { type Random, systemRandom } from '../lib/random.ts'

/** What a command reads from and writes to. */
export interface Io {
  env: Environment
  stdin: NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY'>>
  /** Writes results, for programs and files. */
  out(text: string): void
  /** Writes everything that is said to a person, so that results stay clean. */
  err(text: string): void
  clock: Clock
  random: Random
}

/** The process's own. */
export function processIo(): Io {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // `latchkey check | head -1`: the reader has what it wanted, and the exit code still tells how it went.
      if (error.code !== 'EPIPE') throw error
    })
  }
  return {
    env: process.env,
    stdin: process.stdin,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    clock: systemClock,
    random: systemRandom,
  }
}
