import { Cluster, Redis, type RedisOptions } from 'ioredis'
import type { RedisConfig } from '../../config/redis.ts'
import { gatherWrites } from './gather-writes.ts'
import type { Outage } from './outage.ts'

/** A connection to one Redis, or to the nodes of a cluster. */
export type Connection = Redis | Cluster

const LONGEST_PAUSE = 500
/** How long the nodes of a cluster may take to tell who has which slot, and how often they are asked, in milliseconds. */
const SLOTS_TIMEOUT = 1000
const SLOTS_INTERVAL = 5000
/** A command that is sent on from node to node is given up after this many. */
const MOST_REDIRECTIONS = 5

/**
 * A connection that never queues and never repeats by itself: while Redis is away every command fails at once, and what is
 * sent again is decided in one place (link.ts). Reconnects for as long as it lives.
 *
 * @param outage is told of every loss and every return
 */
export function connect(config: RedisConfig, outage: Outage): Connection {
  return config.kind === 'cluster' ? connectCluster(config, outage) : connectOne(config, outage)
}

function connectOne(config: Exclude<RedisConfig, { kind: 'cluster' }>, outage: Outage): Redis {
  const options = { ...commonOptions(config), enableOfflineQueue: false, retryStrategy: pause }
  const redis =
    config.kind === 'single'
      ? new Redis(config.url, { ...options, ...(config.url.startsWith('rediss:') ? { tls: tlsOf(config) } : {}) })
      : new Redis({ ...options, ...sentinelOptions(config) })
  redis.on('error', (error) => outage.lost(error.message))
  redis.on('sentinelError', (error: Error) => outage.lost(sentinelReason(error, config)))
  redis.on('close', () => outage.lost('the connection was closed'))
  redis.on('ready', () => outage.back())
  gatherWrites(redis)
  return redis
}

function connectCluster(config: Extract<RedisConfig, { kind: 'cluster' }>, outage: Outage): Cluster {
  const cluster = new Cluster([...config.nodes], {
    redisOptions: { ...commonOptions(config), ...loginOptions(config), ...(config.tls ? { tls: tlsOf(config) } : {}) },
    enableOfflineQueue: false,
    // A cluster that lacks a slot still serves the others; health.ts tells what is missing.
    enableReadyCheck: false,
    clusterRetryStrategy: pause,
    maxRedirections: MOST_REDIRECTIONS,
    // Sent again by link.ts only, which knows what may be.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    slotsRefreshTimeout: SLOTS_TIMEOUT,
    slotsRefreshInterval: SLOTS_INTERVAL,
    scaleReads: 'master',
    // Names stay names, so that certificates are checked against them.
    dnsLookup: (name, callback) => callback(null, name),
  })
  const check = () => {
    if (isReady(cluster)) outage.back()
  }
  // The first command for a master would have to wait in a queue of its own until that is there.
  const connectTo = (node: Redis) => {
    if (node.status === 'wait' && !node.options.readOnly) node.connect().catch(() => undefined)
  }
  cluster.on('+node', (node: Redis) => {
    gatherWrites(node)
    node.on('ready', check)
    connectTo(node)
  })
  cluster.on('-node', (node: Redis) => {
    // A node that gave its slots to others is let go of, too.
    if (unreachedSlots(cluster) > 0) outage.lost(`the connection to node ${addressOf(node)} was closed`)
  })
  cluster.on('refresh', () => {
    // A replica that became a master was known before, but not connected to.
    cluster.nodes('master').forEach(connectTo)
    check()
  })
  cluster.on('node error', (error: Error, node: string) => {
    const isReplica = cluster.nodes('slave').some((replica) => addressOf(replica) === node)
    if (!isReplica) outage.lost(`${error.message} (node ${node})`)
  })
  cluster.on('error', (error: Error & { lastNodeError?: Error }) =>
    outage.lost(error.lastNodeError?.message ?? error.message),
  )
  return cluster
}

/** Whether commands can be sent; of a cluster, about every slot that any node has. */
export function isReady(connection: Connection): boolean {
  if (connection.status !== 'ready') return false
  return !(connection instanceof Cluster) || unreachedSlots(connection) === 0
}

/** How many slots of the cluster belong to a node that there is no connection to; those of no node at all are not counted. */
export function unreachedSlots(cluster: Cluster): number {
  const reached = new Set(cluster.nodes('master').flatMap((node) => (node.status === 'ready' ? [addressOf(node)] : [])))
  return cluster.slots.filter(([owner]) => owner !== undefined && !reached.has(owner)).length
}

/** What a cluster calls the node. */
export function addressOf({ options }: Redis): string {
  return `${options.host}:${options.port}`
}

/** What writes go to: the one Redis, or the masters of the cluster. */
export function mastersOf(connection: Connection): Redis[] {
  return connection instanceof Cluster ? connection.nodes('master') : [connection]
}

function commonOptions({ commandTimeout }: RedisConfig): RedisOptions {
  return {
    connectionName: 'latchkey',
    // CLIENT SETINFO would be one more command that an ACL has to allow, and only newer versions know.
    disableClientInfo: true,
    connectTimeout: commandTimeout,
    commandTimeout,
    // Without it a host that vanished silently is waited for until the kernel gives up, a quarter of an hour.
    socketTimeout: commandTimeout,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // A master that became a replica keeps its connections: only a new one finds the new master.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  }
}

function sentinelOptions(config: Extract<RedisConfig, { kind: 'sentinel' }>): RedisOptions {
  const { sentinels, name, sentinelPassword, commandTimeout, tls } = config
  return {
    sentinels: [...sentinels],
    name,
    ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
    sentinelCommandTimeout: commandTimeout,
    sentinelRetryStrategy: pause,
    ...loginOptions(config),
    ...(tls ? { enableTLSForSentinelMode: true, tls: tlsOf(config), sentinelTLS: tlsOf(config) } : {}),
  }
}

function loginOptions({ username, password }: { username: string | undefined; password: string | undefined }) {
  return { ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) }
}

function tlsOf({ tlsCa }: RedisConfig): { ca?: string } {
  return tlsCa === undefined ? {} : { ca: tlsCa }
}

/** A sentinel that answers and knows no such master says only that there is none. */
function sentinelReason(error: Error, config: RedisConfig): string {
  if (config.kind === 'sentinel' && /No such master|invalid reply/.test(error.message))
    return `the sentinels know no master named ${config.name}`
  return error.message
}

function pause(attempt: number): number {
  return Math.min(attempt * 50, LONGEST_PAUSE)
}
