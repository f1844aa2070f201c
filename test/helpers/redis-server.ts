import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

/** A Redis of our own, which keeps nothing that outlives the test. */
export interface RedisServer {
  url: string
  port: number
  /** Its own folder, gone after the stop. */
  dir: string
  /** Sends a signal: SIGSTOP makes it deaf while its connections stay, SIGCONT wakes it up, SIGKILL is a crash. */
  signal(name: NodeJS.Signals): void
  alive(): boolean
  stop(): Promise<void>
}

const ATTEMPTS = 5
const READY_WITHIN = 60_000

/**
 * Starts a redis-server on a loopback port and answers when it accepts connections.
 *
 * @param options.port the one to use, such as that of a server that crashed; otherwise a free one
 * @param options.settings more of its settings, as on its command line
 * @param options.sentinel true for a Redis Sentinel
 * @param options.tls true where it speaks TLS only, by the certificate in the settings
 */
export async function startRedisServer(
  options: { port?: number; settings?: readonly string[]; sentinel?: boolean; tls?: boolean } = {},
): Promise<RedisServer> {
  const dir = await mkdtemp(join(tmpdir(), 'latchkey-redis-'))
  let problem = ''
  // Another process may take the free port, or that of the bus of a cluster, before Redis does: then the next one is tried.
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = options.port ?? (await freePort())
    const listen = options.tls ? ['--port', '0', '--tls-port', `${port}`] : ['--port', `${port}`]
    const args = [...listen, '--bind', '127.0.0.1', '--dir', dir]
    const kind = options.sentinel ? await sentinelFile(dir) : ['--save', '', '--appendonly', 'no']
    // A file stands first on the command line.
    const server = spawn('redis-server', [...kind, ...args, ...(options.settings ?? [])], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const stopAtExit = () => server.kill('SIGKILL')
    process.once('exit', stopAtExit)
    const alive = () => server.exitCode === null && server.signalCode === null
    const started = await ready(server)
    if (started === true) {
      return {
        url: `redis://127.0.0.1:${port}`,
        port,
        dir,
        signal: (name) => void server.kill(name),
        alive,
        stop: async () => {
          process.removeListener('exit', stopAtExit)
          // It keeps nothing, so there is nothing to end in peace; and a stopped process hears no other signal.
          if (alive() && server.kill('SIGKILL')) await once(server, 'exit')
          await rm(dir, { recursive: true, force: true })
        },
      }
    }
    problem = started
    server.kill('SIGKILL')
    process.removeListener('exit', stopAtExit)
  }
  await rm(dir, { recursive: true, force: true })
  throw new Error(`redis-server did not start: ${problem}`)
}

/** A sentinel writes what it learns into its own file of settings, so it must have one. */
async function sentinelFile(dir: string): Promise<string[]> {
  const file = join(dir, 'sentinel.conf')
  await writeFile(file, '')
  return [file, '--sentinel']
}

/** True when the server accepts connections, else what it said instead. */
function ready(server: ChildProcess): Promise<true | string> {
  return new Promise((resolve) => {
    let output = ''
    const timer = setTimeout(() => resolve(`nothing within ${READY_WITHIN} ms\n${output}`), READY_WITHIN)
    const answer = (result: true | string) => {
      clearTimeout(timer)
      resolve(result)
    }
    server.once('error', (error: NodeJS.ErrnoException) =>
      answer(
        error.code === 'ENOENT'
          ? 'it is not installed. Install it (Debian: apt-get install redis-server) or set TEST_REDIS_URL.'
          : error.message,
      ),
    )
    server.once('exit', (code) => answer(`it ended with code ${code}\n${output}`))
    server.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (/Ready to accept connections|Sentinel ID is/.test(output)) answer(true)
    })
  })
}
