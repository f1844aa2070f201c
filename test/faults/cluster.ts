import { setTimeout as pause } from 'node:timers/promises'
import { IMPATIENT, startRedisCluster } from '../helpers/redis-cluster.ts'
import { redisCommand, untilTrue } from '../helpers/redis-command.ts'
import { type RedisServer, startRedisServer } from '../helpers/redis-server.ts'
import { type Topology, TROUBLE } from './topology.ts'

/** Three masters, each with a replica that confirms what is handed out. */
export async function startCluster(): Promise<Topology> {
  const { nodes, masters, replicas, patience, stop } = await startRedisCluster()
  await patience(IMPATIENT)
  const servers = new Map<number, RedisServer>([...masters, ...replicas].map((server) => [server.port, server]))
  const started: RedisServer[] = []

  const infoOf = (port: number) => redisCommand(port, 'INFO', 'replication').catch(() => '')
  const mastersNow = async () => {
    const found: number[] = []
    for (const port of servers.keys()) if ((await infoOf(port)).includes('role:master')) found.push(port)
    return found
  }
  const someMaster = async () => servers.get((await mastersNow())[0] as number) as RedisServer

  return {
    name: 'cluster',
    env: {
      REDIS_CLUSTER_NODES: nodes.map(({ host, port }) => `${host}:${port}`).join(','),
      REDIS_WAIT_REPLICAS: '1',
    },
    faults: {
      'one master killed, back as a replica': async () => {
        const { port, dir, signal } = await someMaster()
        signal('SIGKILL')
        await untilTrue(async () => (await mastersNow()).length === masters.length, 'a replica takes over')
        // In the folder of the one that fell lies what it knows of the cluster.
        const settings = ['--cluster-enabled', 'yes', '--cluster-node-timeout', `${IMPATIENT}`, '--dir', dir]
        const again = await startRedisServer({ port, settings: [...settings, '--repl-diskless-sync-delay', '0'] })
        servers.set(port, { ...again, dir })
        started.push(again)
      },
      'one master stands still for 3 s': async () => {
        const { signal } = await someMaster()
        signal('SIGSTOP')
        await pause(TROUBLE)
        signal('SIGCONT')
      },
    },
    settled: () =>
      untilTrue(async () => {
        const now = await mastersNow()
        const infos = await Promise.all(now.map(infoOf))
        return now.length === masters.length && infos.every((info) => info.includes('state=online'))
      }, 'every master has its replica'),
    async stop() {
      for (const server of started) await server.stop()
      await stop()
    },
  }
}
