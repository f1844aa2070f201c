import { PassThrough } from 'node:stream'
import type { Io } from '../../src/cli/io.ts'
import { runCli } from '../../src/cli/run.ts'
import type { Clock } from '../../src/lib/clock.ts'
import { systemRandom } from '../../src/lib/random.ts'
import type { Outcome } from './cli.ts'

/**
 * Runs a command of the command line in this process.
 *
 * @param line the words after `latchkey`, parted by spaces
 * @param given.answer what somebody types, at a terminal; without it there is none
 */
export async function runCommand(
  line: string,
  given: { env: Record<string, string | undefined>; clock: Clock; answer?: string },
): Promise<Outcome> {
  const { env, clock, answer } = given
  const said = { stdout: '', stderr: '' }
  const stdin = Object.assign(new PassThrough(), answer === undefined ? {} : { isTTY: true })
  stdin.end(answer === undefined ? '' : `${answer}\n`)
  const io: Io = {
    env,
    stdin,
    out(text) {
      said.stdout += text
    },
    err(text) {
      said.stderr += text
    },
    clock,
    random: systemRandom,
  }
  return { code: await runCli(line.split(' '), io), ...said }
}
