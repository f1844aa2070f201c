/** The built server as a child process, the way it runs in production: `node dist/main.js` and an environment. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const READY_WITHIN_MS = 20_000
const STOP_WITHIN_MS = 5_000
const KEPT_OUTPUT = 20_000

export interface Latchkey {
  /** What it has written so far, the last part of it. */
  output(): string
  /** Settles with a sentence when the process ends, whoever ended it. */
  readonly ended: Promise<string>
  stop(): Promise<void>
}

/** Starts the server and waits until it says that it is well. Throws with its output where it does not come to that. */
export async function startLatchkey(url: string, environment: Record<string, string>): Promise<Latchkey> {
  if (!existsSync(MAIN)) throw new Error('dist/main.js is not there yet. Build first: npm run build')
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const latchkey = watch(child)
  // If this process ends in a way that nobody planned, the server goes with it.
  process.once('exit', () => child.kill('SIGKILL'))

  const outcome = await Promise.race([latchkey.ended, waitUntilHealthy(url)])
  if (outcome === 'healthy') return latchkey
  await latchkey.stop()
  throw new Error(`${outcome}. It said:\n${latchkey.output().trim() || '(nothing)'}`)
}

function watch(child: ChildProcess): Latchkey {
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-KEPT_OUTPUT)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)

  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`Latchkey could not be started: ${error.message}`))
    child.once('close', (code, signal) => resolve(`Latchkey ended with ${signal ?? `exit code ${code}`}`))
  })
  return {
    output: () => output,
    ended,
    async stop() {
      child.kill('SIGTERM')
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
      await ended
      clearTimeout(force)
    },
  }
}

async function waitUntilHealthy(url: string): Promise<string> {
  for (let waited = 0; waited < READY_WITHIN_MS; waited += 100) {
    const isHealthy = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(1000) }).then(
      (answer) => answer.ok,
      () => false,
    )
    if (isHealthy) return 'healthy'
    await sleep(100)
  }
  return `Latchkey did not become healthy within ${READY_WITHIN_MS / 1000} s`
}
