import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createCutProxy } from '../helpers/cut-proxy.ts'
import { redisCommand, untilTrue } from '../helpers/redis-command.ts'
import { startRedisServer } from '../helpers/redis-server.ts'
import { DOWN, type Topology, TROUBLE } from './topology.ts'

/** One Redis that writes every command to its disk, behind a network that can be cut. */
export async function startSingle(): Promise<Topology> {
  const dir = await mkdtemp(join(tmpdir(), 'latchkey-faults-'))
  const settings = ['--appendonly', 'yes', '--appendfsync', 'always', '--dir', dir]
  let redis = await startRedisServer({ settings })
  const { port } = redis
  const proxy = await createCutProxy(port)

  return {
    name: 'single',
    env: { REDIS_URL: `redis://127.0.0.1:${proxy.port}` },
    faults: {
      'Redis killed and started again': async () => {
        redis.signal('SIGKILL')
        await pause(DOWN)
        await redis.stop()
        redis = await startRedisServer({ port, settings })
      },
      'Redis stands still for 3 s': async () => {
        redis.signal('SIGSTOP')
        await pause(TROUBLE)
        redis.signal('SIGCONT')
      },
      'network cut for 3 s': async () => {
        proxy.cut()
        await pause(TROUBLE)
        proxy.mend()
      },
    },
    settled: () => untilTrue(async () => (await redisCommand(port, 'PING')) === 'PONG', 'Redis answers'),
    async stop() {
      await proxy.close()
      await redis.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
