import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

/** A Redis of our own, which keeps nothing. */
export interface RedisServer {
  url: string
  port: number
  /** Sends a signal: SIGSTOP makes it deaf while its connections stay, SIGCONT wakes it up, SIGKILL is a crash. */
  signal(name: NodeJS.Signals): void
  stop(): Promise<void>
}

const ATTEMPTS = 5
const READY_WITHIN = 15_000

/**
 * Starts a redis-server on a loopback port and answers when it accepts connections.
 *
 * @param port the one to use, such as that of a server that crashed; otherwise a free one
 */
export async function startRedisServer(options: { port?: number } = {}): Promise<RedisServer> {
  const dir = await mkdtemp(join(tmpdir(), 'latchkey-redis-'))
  let problem = ''
  // Another process may take the free port before Redis does: then the next one is tried.
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = options.port ?? (await freePort())
    const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir]
    const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const stopAtExit = () => server.kill('SIGKILL')
    process.once('exit', stopAtExit)
    const started = await ready(server)
    if (started === true) {
      return {
        url: `redis://127.0.0.1:${port}`,
        port,
        signal: (name) => void server.kill(name),
        stop: async () => {
          process.removeListener('exit', stopAtExit)
          // It keeps nothing, so there is nothing to end in peace; and a stopped process hears no other signal.
          if (server.exitCode === null && server.signalCode === null && server.kill('SIGKILL'))
            await once(server, 'exit')
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
      if (output.includes('Ready to accept connections')) answer(true)
    })
  })
}
