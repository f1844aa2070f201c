import { redisCommand, untilTrue } from './redis-command.ts'
import { type RedisServer, startRedisServer } from './redis-server.ts'

/** A master with two replicas, and three sentinels that watch over them. */
export interface RedisSentinels {
  sentinels: Array<{ host: string; port: number }>
  name: string
  master: RedisServer
  replicas: RedisServer[]
  stop(): Promise<void>
}

const NAME = 'records'
const DOWN_AFTER = 1000

export async function startRedisSentinels(): Promise<RedisSentinels> {
  const servers: RedisServer[] = []
  const start = async (options: { settings?: string[]; sentinel?: boolean }) => {
    const server = await startRedisServer(options)
    servers.push(server)
    return server
  }
  const stop = async () => void (await Promise.all(servers.map((server) => server.stop())))
  try {
    const quick = ['--repl-diskless-sync-delay', '0']
    const master = await start({ settings: quick })
    const replicaOf = [...quick, '--replicaof', `127.0.0.1 ${master.port}`]
    const replicas = [await start({ settings: replicaOf }), await start({ settings: replicaOf })]
    await untilTrue(
      async () => (await redisCommand(master.port, 'INFO', 'replication')).includes('connected_slaves:2'),
      'the replicas follow',
    )
    const sentinels = [
      await start({ sentinel: true }),
      await start({ sentinel: true }),
      await start({ sentinel: true }),
    ]
    for (const { port } of sentinels) {
      await redisCommand(port, 'SENTINEL', 'MONITOR', NAME, '127.0.0.1', `${master.port}`, '2')
      await redisCommand(port, 'SENTINEL', 'SET', NAME, 'down-after-milliseconds', `${DOWN_AFTER}`)
    }
    for (const { port } of sentinels) {
      await untilTrue(async () => {
        const info = await redisCommand(port, 'INFO', 'sentinel')
        return info.includes('slaves=2,sentinels=3')
      }, 'the sentinels know replicas and each other')
    }
    return { sentinels: sentinels.map(({ port }) => ({ host: '127.0.0.1', port })), name: NAME, master, replicas, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
