/** The built server as a child process, the way it runs in production: `node dist/main.js` and an environment. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const READY_WITHIN_MS = 60_000
const STOP_WITHIN_MS = 15_000
const KEPT_OUTPUT = 20_000

export interface Latchkey {
  /** What it has written so far, the last part of it. */
  output(): string
  /** Settles with a sentence when the process ends, whoever ended it. */
  readonly ended: Promise<string>
  stop(): Promise<void>
}

/** Starts the server and waits until it says that it is ready. Throws with its output where it does not come to that. */
export async function startLatchkey(url: string, environment: Record<string, string>): Promise<Latchkey> {
  if (!existsSync(MAIN)) throw new Error('dist/main.js is not there yet. Build first: npm run build')
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const latchkey = watch(child)
  // If this process ends in a way that nobody planned, the server goes with it.
  process.once('exit', () => child.kill('SIGKILL'))

  const outcome = await Promise.race([latchkey.ended, waitUntilReady(url)])
  if (outcome === 'ready') return latchkey
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

async function waitUntilReady(url: string): Promise<string> {
  // It lives (/healthz), and it reaches its store (/readyz).
  for (const path of ['/healthz', '/readyz']) {
    const trouble = await waitFor(`${url}${path}`)
    if (trouble !== undefined) return `Latchkey did not become ready within ${READY_WITHIN_MS / 1000} s (${trouble})`
  }
  return 'ready'
}

/** Undefined once the address answers well; what it answered last where that does not happen. */
async function waitFor(url: string): Promise<string | undefined> {
  let trouble = ''
  const deadline = performance.now() + READY_WITHIN_MS
  while (performance.now() < deadline) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(3000) })
      if (answer.ok) return undefined
      trouble = `${url} answered ${answer.status} ${await answer.text()}`
    } catch {
      trouble = `${url} did not answer`
    }
    await sleep(100)
  }
  return trouble
}
