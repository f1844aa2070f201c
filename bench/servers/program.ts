import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Build } from '../build.ts'
import type { Told, Usage, Wanted } from './programs/probe.ts'

/** A Node process under the eyes of the probe. */
export interface RunningProgram {
  pid: number
  /** What the process has used so far. @param collect whether garbage is collected before */
  usage(collect?: boolean): Promise<Usage>
  startProfile(): Promise<void>
  /** The CPU profile since startProfile, as V8 writes it. */
  stopProfile(): Promise<string>
  stop(): Promise<void>
}

/** The parts of the environment that every program gets. */
const SHARED = { PATH: process.env.PATH, NODE_ENV: 'production' }

/**
 * Starts a program of the build. Its standard output goes to a file, as a container's does: writing the log is part of the
 * work.
 *
 * @param script below the folder of the build
 * @param ready answers when it can be used; asked again until it does
 */
export async function startProgram(
  build: Build,
  script: string,
  env: Record<string, string>,
  ready: () => Promise<boolean>,
): Promise<RunningProgram> {
  const log = join(build.directory, `${script.replaceAll(/\W/g, '-')}-${env.PORT}.log`)
  const out = openSync(log, 'a')
  const flags = ['--expose-gc', '--import', join(build.directory, 'bench', 'probe.js')]
  const child = spawn(process.execPath, [...flags, join(build.directory, script)], {
    env: { ...SHARED, ...env },
    stdio: ['ignore', out, out, 'ipc'],
  })
  closeSync(out)
  const stopAtExit = () => child.kill('SIGKILL')
  process.once('exit', stopAtExit)
  const program = attach(child, () => process.removeListener('exit', stopAtExit))
  const deadline = performance.now() + 20_000
  while (!(await ready().catch(() => false))) {
    if (child.exitCode === null && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      continue
    }
    await program.stop()
    throw new Error(`${script} did not start: ${readFileSync(log, 'utf8').slice(-2000)}`)
  }
  return program
}

function attach(child: ChildProcess, forget: () => void): RunningProgram {
  let last = 0
  const waiting = new Map<number, (told: Told) => void>()
  child.on('message', (told: Told) => {
    waiting.get(told.id)?.(told)
    waiting.delete(told.id)
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const ask = (want: Wanted['want']) =>
    new Promise<Told>((resolve, reject) => {
      const id = ++last
      waiting.set(id, resolve)
      void ended.then(() => reject(new Error('the server ended while it was measured')))
      child.send({ id, want } satisfies Wanted)
    })

  return {
    pid: child.pid ?? 0,
    usage: async (collect = false) => (await ask(collect ? 'usage-collected' : 'usage')).usage,
    startProfile: async () => void (await ask('profile')),
    stopProfile: async () => (await ask('profiled')).profile ?? '',
    async stop() {
      forget()
      child.kill('SIGKILL')
      await ended
    },
  }
}
