import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from '../helpers/free-port.ts'
import type { Build } from '../helpers/server-process.ts'

const PROBE = join(import.meta.dirname, 'probe.mjs')
/** How much of what went wrong is kept to be shown. */
const MOST_KEPT = 20

/** Memory of a process, in bytes. */
export interface Memory {
  heapUsed: number
  rss: number
}

/** The server that is watched. Its log is read and let go of, or the watcher itself would grow. */
export interface Subject {
  url: string
  /** What is left after all garbage is collected. */
  measure(): Promise<Memory>
  /** How many lines of the log were errors, or no log at all. */
  faults(): number
  /** The first of them. */
  firstFaults(): readonly string[]
  /** Ends it as an operator would, and gives its exit code. */
  stop(): Promise<number | null>
}

/** Starts the built server with a probe in it and answers when it listens. */
export async function startSubject(build: Build, env: Readonly<Record<string, string | undefined>>): Promise<Subject> {
  const port = await freePort()
  const child = spawn(process.execPath, ['--expose-gc', '--import', PROBE, build.main], {
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: `${port}`, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  process.once('exit', () => child.kill('SIGKILL'))
  const kept: string[] = []
  let faults = 0
  const note = (line: string) => {
    faults++
    if (kept.length < MOST_KEPT) kept.push(line)
  }
  const { stdout, stderr } = child
  if (stdout === null || stderr === null) throw new Error('the server has no log')
  const listening = new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${kept.join('\n')}`)))
    createInterface(stdout).on('line', (line) => {
      if (/"level":"(?:error|fatal)"/.test(line)) note(line)
      if (line.includes('latchkey is listening')) resolve()
    })
  })
  createInterface(stderr).on('line', note)
  await listening

  return {
    url: `http://127.0.0.1:${port}`,
    async measure() {
      const told = once(child, 'message')
      child.send('measure memory')
      const [memory] = await told
      return memory as Memory
    },
    faults: () => faults,
    firstFaults: () => kept,
    async stop() {
      if (child.exitCode === null) {
        const ended = once(child, 'exit')
        child.kill('SIGTERM')
        await ended
      }
      return child.exitCode
    },
  }
}
