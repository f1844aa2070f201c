import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const MOST_ATTEMPTS = 1500

/** What redis-cli prints for a command to the Redis on the loopback port. */
export async function redisCommand(port: number, ...command: string[]): Promise<string> {
  const { stdout } = await run('redis-cli', ['-e', '-p', `${port}`, ...command])
  return stdout.trim()
}

/** Asks again and again until the answer is as wanted, for more than a minute: far longer than anything takes. */
export async function untilTrue(isSo: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`it did not come about: ${what}`)
}
