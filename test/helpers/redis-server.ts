import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A Redis of our own, which keeps nothing. */
export interface RedisServer {
  url: string
  stop(): Promise<void>
}

const ATTEMPTS = 5
const READY_WITHIN = 15_000

/** Starts a redis-server on a free loopback port and answers when it accepts connections. */
export async function startRedisServer(): Promise<RedisServer> {
  const dir = await mkdtemp(join(tmpdir(), 'latchkey-redis-'))
  let problem = ''
  // Another process may take the free port before Redis does: then the next one is tried.
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = await freePort()
    const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir]
    const server = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] })
    const stopAtExit = () => server.kill('SIGKILL')
    process.once('exit', stopAtExit)
    const started = await ready(server)
    if (started === true) {
      return {
        url: `redis://127.0.0.1:${port}`,
        stop: async () => {
          process.removeListener('exit', stopAtExit)
          if (server.exitCode === null && server.signalCode === null && server.kill('SIGTERM'))
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

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
