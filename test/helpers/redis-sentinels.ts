import { redisCommand, untilTrue } from './redis-command.ts'
import { type RedisServer, startRedisServer } from './redis-server.ts'

/**
 * A master with two replicas, and three sentinels that watch over them: patiently, so that on a busy machine nobody is taken
 * for dead who only has to wait for the processor.
 */
export interface RedisSentinels {
  sentinels: Array<{ host: string; port: number }>
  name: string
  master: RedisServer
  replicas: RedisServer[]
  /** How long a Redis may say nothing before the sentinels take it for dead, in milliseconds. */
  patience(time: number): Promise<void>
  stop(): Promise<void>
}

const NAME = 'records'
/** The patience they begin with, and one for a Redis that is dead; in milliseconds. */
const PATIENT = 60_000
export const IMPATIENT = 1000

/** Starts them, and answers when the sentinels know everybody. */
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
    const patience = async (time: number) => {
      for (const { port } of sentinels)
        await redisCommand(port, 'SENTINEL', 'SET', NAME, 'down-after-milliseconds', `${time}`)
    }
    for (const { port } of sentinels)
      await redisCommand(port, 'SENTINEL', 'MONITOR', NAME, '127.0.0.1', `${master.port}`, '2')
    await patience(PATIENT)
    for (const { port } of sentinels) {
      await untilTrue(async () => {
        const info = await redisCommand(port, 'INFO', 'sentinel')
        return info.includes('slaves=2,sentinels=3')
      }, 'the sentinels know replicas and each other')
    }
    const addresses = sentinels.map(({ port }) => ({ host: '127.0.0.1', port }))
    return { sentinels: addresses, name: NAME, master, replicas, patience, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
