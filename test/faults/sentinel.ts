import { redisCommand, untilTrue } from '../helpers/redis-command.ts'
import { IMPATIENT, startRedisSentinels } from '../helpers/redis-sentinels.ts'
import { type RedisServer, startRedisServer } from '../helpers/redis-server.ts'
import type { Topology } from './topology.ts'

/** So soon sentinels try another failover where one came to nothing, in milliseconds. */
const FAILOVER_TIMEOUT = 5000

/** A master, two replicas and three sentinels; a replica confirms what is handed out. */
export async function startSentinel(): Promise<Topology> {
  const { sentinels, name, master, replicas, patience, stop } = await startRedisSentinels()
  await patience(IMPATIENT)
  for (const { port } of sentinels) {
    await redisCommand(port, 'SENTINEL', 'SET', name, 'failover-timeout', `${FAILOVER_TIMEOUT}`)
  }
  const servers = new Map<number, RedisServer>([master, ...replicas].map((server) => [server.port, server]))
  const started: RedisServer[] = []

  const masterTo = async (sentinel: number) =>
    Number((await redisCommand(sentinel, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name)).split('\n')[1])
  const masterPort = () => masterTo(sentinels[0]?.port as number)
  const infoOf = (port: number) => redisCommand(port, 'INFO', 'replication').catch(() => '')
  const masterServer = async () => servers.get(await masterPort()) as RedisServer

  return {
    name: 'sentinel',
    env: {
      REDIS_SENTINELS: sentinels.map(({ host, port }) => `${host}:${port}`).join(','),
      REDIS_SENTINEL_NAME: name,
      REDIS_WAIT_REPLICAS: '1',
    },
    faults: {
      'master killed, back as a replica': async () => {
        const { port, signal } = await masterServer()
        signal('SIGKILL')
        await untilTrue(async () => (await masterPort()) !== port, 'the sentinels name another master')
        const settings = ['--repl-diskless-sync-delay', '0', '--replicaof', `127.0.0.1 ${await masterPort()}`]
        const again = await startRedisServer({ port, settings })
        servers.set(port, again)
        started.push(again)
      },
      // Where it came back in the midst of a failover, replicas that are about to leave it would confirm what is then lost.
      'master stands still until another one has taken over': async () => {
        const { port, signal } = await masterServer()
        signal('SIGSTOP')
        await untilTrue(async () => {
          const next = await masterPort()
          return next !== port && (await infoOf(next)).includes('state=online')
        }, 'another master has its replica')
        signal('SIGCONT')
      },
    },
    settled: () =>
      untilTrue(async () => {
        const named = await Promise.all(sentinels.map(({ port }) => masterTo(port)))
        if (new Set(named).size > 1) return false
        const info = await infoOf(named[0] as number)
        return info.includes('role:master') && (info.match(/state=online/g) ?? []).length === 2
      }, 'two replicas follow one master'),
    async stop() {
      for (const server of started) await server.stop()
      await stop()
    },
  }
}
