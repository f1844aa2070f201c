import { redisCommand, untilTrue } from './redis-command.ts'
import { type RedisServer, startRedisServer } from './redis-server.ts'
import type { RedisTls } from './redis-tls.ts'

/**
 * A master with two replicas, and three sentinels that watch over them: patiently, so that on a busy machine nobody is taken
 * for dead who only has to wait for the processor.
 */
export interface RedisSentinels {
  sentinels: Array<{ host: string; port: number }>
  name: string
  master: RedisServer
  replicas: RedisServer[]
  /** Those of `sentinels`, in the same order, for tests that stop them. */
  sentinelServers: RedisServer[]
  /** What redis-cli prints for a command to a sentinel. */
  askSentinel(port: number, ...command: string[]): Promise<string>
  /** How long a Redis may say nothing before the sentinels take it for dead, in milliseconds. */
  patience(time: number): Promise<void>
  stop(): Promise<void>
}

const NAME = 'records'
/** The patience they begin with, and one for a Redis that is dead; in milliseconds. */
const PATIENT = 60_000
export const IMPATIENT = 1000

/**
 * Starts them and answers when all know each other.
 *
 * @param options.tls makes all of them speak TLS only
 * @param options.password of master and replicas
 * @param options.sentinelPassword of the sentinels
 */
export async function startRedisSentinels(
  options: { tls?: RedisTls; password?: string; sentinelPassword?: string } = {},
): Promise<RedisSentinels> {
  const { tls, password, sentinelPassword } = options
  const servers: RedisServer[] = []
  const start = async (sentinel: boolean, settings: readonly string[]) => {
    const all = [...(tls?.settings ?? []), ...settings]
    const server = await startRedisServer({ tls: tls !== undefined, sentinel, settings: all })
    servers.push(server)
    return server
  }
  const stop = async () => void (await Promise.all(servers.map((server) => server.stop())))
  const asker =
    (secret: string | undefined) =>
    (port: number, ...command: string[]) =>
      redisCommand(port, ...(tls?.cli ?? []), ...(secret === undefined ? [] : ['-a', secret]), ...command)
  const [askServer, askSentinel] = [asker(password), asker(sentinelPassword)]
  try {
    const login = password === undefined ? [] : ['--requirepass', password, '--masterauth', password]
    const settings = ['--repl-diskless-sync-delay', '0', ...login]
    const master = await start(false, settings)
    const ofReplica = [...settings, '--replicaof', `127.0.0.1 ${master.port}`]
    const replicas = [await start(false, ofReplica), await start(false, ofReplica)]
    await untilTrue(
      async () => (await askServer(master.port, 'INFO', 'replication')).includes('connected_slaves:2'),
      'the replicas follow',
    )
    const ofSentinel = sentinelPassword === undefined ? [] : ['--requirepass', sentinelPassword]
    const sentinelServers = [
      await start(true, ofSentinel),
      await start(true, ofSentinel),
      await start(true, ofSentinel),
    ]
    const patience = async (time: number) => {
      for (const { port } of sentinelServers)
        await askSentinel(port, 'SENTINEL', 'SET', NAME, 'down-after-milliseconds', `${time}`)
    }
    for (const { port } of sentinelServers) {
      if (sentinelPassword !== undefined)
        await askSentinel(port, 'SENTINEL', 'CONFIG', 'SET', 'sentinel-pass', sentinelPassword)
      await askSentinel(port, 'SENTINEL', 'MONITOR', NAME, '127.0.0.1', `${master.port}`, '2')
      if (password !== undefined) await askSentinel(port, 'SENTINEL', 'SET', NAME, 'auth-pass', password)
    }
    await patience(PATIENT)
    for (const { port } of sentinelServers) {
      await untilTrue(async () => {
        const info = await askSentinel(port, 'INFO', 'sentinel')
        return info.includes('slaves=2,sentinels=3')
      }, 'the sentinels know replicas and each other')
    }
    const sentinels = sentinelServers.map(({ port }) => ({ host: '127.0.0.1', port }))
    return { sentinels, name: NAME, master, replicas, sentinelServers, askSentinel, patience, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
