import { Cluster, Redis, type RedisOptions } from 'ioredis'
import type { RedisConfig } from '../../config/redis.ts'
import { gatherWrites } from './gather-writes.ts'
import { createMasterConnector } from './master-connector.ts'
import { watchMaster } from './master-watch.ts'
import type { Outage } from './outage.ts'

/** A connection to one Redis, or to the nodes of a cluster. */
export type Connection = Redis | Cluster

/** A connection, and how it is closed with all that belongs to it. */
export interface Connected {
  connection: Connection
  close(): void
}

const LONGEST_PAUSE = 500
/** How long a connection may take to end in order, in milliseconds; ioredis waits for one that has ended already, too. */
const ENDING = 100
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
export function connect(config: RedisConfig, outage: Outage): Connected {
  if (config.kind === 'sentinel') return connectBySentinels(config, outage)
  const connection = config.kind === 'single' ? connectSingle(config, outage) : connectCluster(config, outage)
  return { connection, close: () => connection.disconnect() }
}

function connectSingle(config: Extract<RedisConfig, { kind: 'single' }>, outage: Outage): Redis {
  const tls = config.url.startsWith('rediss:') ? { tls: tlsOf(config) } : {}
  return follow(new Redis(config.url, { ...optionsOfOne(config), ...tls }), outage)
}

function connectBySentinels(config: Extract<RedisConfig, { kind: 'sentinel' }>, outage: Outage): Connected {
  const { name, sentinelPassword } = config
  const tls = config.tls ? { tls: tlsOf(config) } : {}
  const watch = watchMaster(config.sentinels, {
    name,
    connection: {
      ...optionsOfOne(config),
      ...(sentinelPassword === undefined ? {} : { password: sentinelPassword }),
      ...tls,
    },
    changed() {
      if (connector.leave()) outage.lost('the sentinels name another master')
    },
    // Without sentinels a master that is there goes on.
    trouble(reason) {
      if (redis.status !== 'ready') outage.lost(reason)
    },
  })
  const connector = createMasterConnector(watch, tls.tls)
  const { Connector } = connector
  const redis = follow(new Redis({ ...optionsOfOne(config), ...loginOptions(config), ...tls, Connector }), outage)
  return {
    connection: redis,
    close() {
      redis.disconnect()
      watch.close()
    },
  }
}

/** Tells the outage of what becomes of the connection. */
function follow(redis: Redis, outage: Outage): Redis {
  redis.on('error', (error) => outage.lost(error.message))
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
    disconnectTimeout: ENDING,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // A master that became a replica keeps its connections: only a new one finds the new master.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  }
}

function optionsOfOne(config: RedisConfig): RedisOptions {
  return { ...commonOptions(config), enableOfflineQueue: false, retryStrategy: pause }
}

function loginOptions({ username, password }: { username: string | undefined; password: string | undefined }) {
  return { ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) }
}

function tlsOf({ tlsCa }: RedisConfig): { ca?: string } {
  return tlsCa === undefined ? {} : { ca: tlsCa }
}

function pause(attempt: number): number {
  return Math.min(attempt * 50, LONGEST_PAUSE)
}
