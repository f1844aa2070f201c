import { redisCommand, untilTrue } from './redis-command.ts'
import { type RedisServer, startRedisServer } from './redis-server.ts'
import type { RedisTls } from './redis-tls.ts'

/**
 * A Redis Cluster of our own: three masters, each with a replica. Its nodes are patient with each other, so that on a busy
 * machine none is taken for dead that only has to wait for the processor.
 */
export interface RedisCluster {
  nodes: Array<{ host: string; port: number }>
  masters: RedisServer[]
  replicas: RedisServer[]
  /** How long a node may say nothing before the others that live take it for dead, in milliseconds. */
  patience(time: number): Promise<void>
  stop(): Promise<void>
}

const SLOTS = 16_384
const MASTERS = 3
/** The patience they begin with, and one for a node that is dead; in milliseconds. */
const PATIENT = 60_000
export const IMPATIENT = 1500

/**
 * Starts the cluster and answers when every node serves.
 *
 * @param options.without slots that nobody gets
 * @param options.settings more settings of each node
 * @param options.tls makes every node speak TLS only
 */
export async function startRedisCluster(
  options: { without?: number; settings?: readonly string[]; tls?: RedisTls } = {},
): Promise<RedisCluster> {
  const { tls } = options
  const ask = (port: number, ...command: string[]) => redisCommand(port, ...(tls?.cli ?? []), ...command)
  const servers: RedisServer[] = []
  const stop = async () => void (await Promise.all(servers.map((server) => server.stop())))
  try {
    for (let index = 0; index < 2 * MASTERS; index++)
      servers.push(await startNode([...(tls?.settings ?? []), ...(options.settings ?? [])], tls !== undefined))
    const masters = servers.slice(0, MASTERS)
    const replicas = servers.slice(MASTERS)
    const served = SLOTS - (options.without ?? 0)
    for (const [index, { port }] of masters.entries()) {
      const from = Math.floor((index * served) / MASTERS)
      const to = Math.floor(((index + 1) * served) / MASTERS) - 1
      await ask(port, 'CLUSTER', 'ADDSLOTSRANGE', `${from}`, `${to}`)
      await ask(port, 'CLUSTER', 'SET-CONFIG-EPOCH', `${index + 1}`)
    }
    const [first] = servers as [RedisServer]
    for (const { port } of servers.slice(1)) await ask(first.port, 'CLUSTER', 'MEET', '127.0.0.1', `${port}`)
    const knownTo = async (port: number) => (await ask(port, 'CLUSTER', 'NODES')).split('\n').length
    for (const { port } of servers)
      await untilTrue(async () => (await knownTo(port)) === servers.length, 'the nodes know each other')
    for (const [index, { port }] of replicas.entries()) {
      const master = await ask((masters[index] as RedisServer).port, 'CLUSTER', 'MYID')
      await ask(port, 'CLUSTER', 'REPLICATE', master)
    }
    for (const { port } of servers)
      await untilTrue(() => isServing((...command) => ask(port, ...command), served), 'every node serves')
    for (const { port } of replicas)
      await untilTrue(
        async () => (await ask(port, 'INFO', 'replication')).includes('master_link_status:up'),
        'the replicas follow',
      )
    const nodes = masters.map(({ port }) => ({ host: '127.0.0.1', port }))
    const patience = async (time: number) => {
      for (const { port, alive } of servers)
        if (alive()) await ask(port, 'CONFIG', 'SET', 'cluster-node-timeout', `${time}`)
    }
    return { nodes, masters, replicas, patience, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function isServing(ask: (...command: string[]) => Promise<string>, served: number): Promise<boolean> {
  const info = await ask('CLUSTER', 'INFO')
  const slots = await ask('CLUSTER', 'SLOTS')
  // Six nodes: a range for each master, and each range with two addresses.
  const replicated = (slots.match(/127\.0\.0\.1/g) ?? []).length === 2 * MASTERS
  return replicated && info.includes(`cluster_slots_ok:${served}`) && (served < SLOTS || info.includes('state:ok'))
}

function startNode(settings: readonly string[], tls: boolean): Promise<RedisServer> {
  const patience = ['--cluster-node-timeout', `${PATIENT}`]
  const cluster = ['--cluster-enabled', 'yes', ...patience, '--repl-diskless-sync-delay', '0']
  return startRedisServer({ tls, settings: [...cluster, ...settings] })
}
