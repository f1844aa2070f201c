import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'

const run = promisify(execFile)
const ROOT = resolve(import.meta.dirname, '..', '..')
const ATTEMPTS = 5
const READY_WITHIN = 90_000

/** The sources as `npm run build` makes them, in a folder of their own. */
export interface Build {
  main: string
  /** What follows it on the command line. */
  args?: readonly string[]
  remove(): Promise<void>
}

export async function buildServer(): Promise<Build> {
  const directory = await mkdtemp(join(tmpdir(), 'latchkey-build-'))
  const remove = () => rm(directory, { recursive: true, force: true })
  try {
    const tsc = join(ROOT, 'node_modules', '.bin', 'tsc')
    await run(tsc, ['-p', join(ROOT, 'tsconfig.build.json'), '--outDir', join(directory, 'dist')])
    for (const name of ['package.json', 'node_modules', 'views']) await symlink(join(ROOT, name), join(directory, name))
  } catch (error) {
    await remove()
    throw new Error(`the build failed: ${(error as { stdout?: string }).stdout || String(error)}`)
  }
  return { main: join(directory, 'dist', 'main.js'), remove }
}

export interface Ending {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** A running server process. */
export interface ServerProcess {
  /** Where it listens, which is not its issuer. */
  url: string
  /** The log so far, parsed. */
  logs(): Array<Record<string, unknown>>
  stderr(): string
  alive(): boolean
  /** Resolves with the first line of the log after this call whose message is this. */
  nextLog(message: string): Promise<Record<string, unknown>>
  signal(name: NodeJS.Signals): void
  /** Resolves when the process has ended by itself or by a signal. */
  ended: Promise<Ending>
  /** Kills it, if it still runs. */
  stop(): Promise<void>
}

type Variables = Readonly<Record<string, string | undefined>>

/** Starts a server on a free loopback port and answers when it listens. */
export async function startServer(build: Build, env: Variables): Promise<ServerProcess> {
  let problem = ''
  // Another process may take the free port first: then the next one is tried.
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = await freePort()
    const server = launch(build, { HOST: '127.0.0.1', PORT: `${port}`, ...env }, `http://127.0.0.1:${port}`)
    const tooLate = AbortSignal.timeout(READY_WITHIN)
    const first = await Promise.race([
      server.nextLog('latchkey is listening').then(() => undefined),
      server.ended,
      once(tooLate, 'abort').then(() => ({ stdout: 'it did not listen in time', stderr: server.stderr() })),
    ])
    if (first === undefined) return server
    await server.stop()
    problem = first.stdout + first.stderr
    if (!problem.includes('EADDRINUSE')) break
  }
  throw new Error(`the server did not start: ${problem}`)
}

/** Runs a server that is expected to end by itself. */
export async function runServer(build: Build, env: Variables): Promise<Ending> {
  const server = launch(build, env, '')
  const timer = setTimeout(() => server.stop(), READY_WITHIN)
  const ending = await server.ended
  clearTimeout(timer)
  return ending
}

function launch(build: Build, env: Variables, url: string): ServerProcess {
  const child: ChildProcess = spawn(process.execPath, [build.main, ...(build.args ?? [])], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const killAtExit = () => child.kill('SIGKILL')
  process.once('exit', killAtExit)
  const waiting = new Set<(line: Record<string, unknown>) => void>()
  const said = { stdout: '', stderr: '' }
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    said.stdout += chunk
    const parts = (rest + chunk).split('\n')
    rest = parts.pop() as string
    if (waiting.size > 0) for (const line of parsed(parts)) for (const tell of waiting) tell(line)
  })
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    said.stderr += chunk
  })
  const ended = new Promise<Ending>((resolveEnding) => {
    child.once('close', (code, signal) => {
      process.removeListener('exit', killAtExit)
      resolveEnding({ code, signal, ...said })
    })
  })
  const alive = () => child.exitCode === null && child.signalCode === null

  return {
    url,
    logs: () => parsed(said.stdout.split('\n')),
    stderr: () => said.stderr,
    alive,
    nextLog: (message) =>
      new Promise((resolveLine) => {
        const tell = (line: Record<string, unknown>) => {
          if (line.msg !== message) return
          waiting.delete(tell)
          resolveLine(line)
        }
        waiting.add(tell)
      }),
    signal: (name) => void child.kill(name),
    ended,
    async stop() {
      if (alive()) child.kill('SIGKILL')
      await ended
    },
  }
}

function parsed(lines: readonly string[]): Array<Record<string, unknown>> {
  return lines.filter((line) => line.startsWith('{') && line.endsWith('}')).map((line) => JSON.parse(line))
}
