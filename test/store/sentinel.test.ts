import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createKeys } from '../../src/store/redis/keys.ts'
import { freePort } from '../helpers/free-port.ts'
import { redisCommand, untilTrue } from '../helpers/redis-command.ts'
import { IMPATIENT, type RedisSentinels, startRedisSentinels } from '../helpers/redis-sentinels.ts'
import { type RedisServer, startRedisServer } from '../helpers/redis-server.ts'
import { type WatchedStore, watchedStore } from '../helpers/redis-store.ts'
import { storedCode } from './contract/records.ts'

/** Failovers take seconds. */
const LONG = 120_000
/** No command is given up by itself: whoever waits for a master that stands still would wait for as long as the test. */
const ENDLESS = 100_000

describe('a store that sentinels lead to its master', () => {
  let redis: RedisSentinels
  let servers: RedisServer[]
  const ends: Array<() => Promise<unknown>> = []
  beforeEach(async () => {
    redis = await startRedisSentinels()
    ends.push(redis.stop)
    servers = [redis.master, ...redis.replicas]
  }, LONG)
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })

  const open = async (more: Parameters<typeof watchedStore>[1] = {}, { sentinels } = redis) => {
    const watched = await watchedStore({ sentinels, name: redis.name }, more)
    ends.push(() => watched.store.close())
    return watched
  }
  const masterTo = async (sentinel: RedisServer | undefined) => {
    const named = await redisCommand(sentinel?.port as number, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', redis.name)
    return Number(named.split('\n')[1])
  }
  const anotherIsNamed = (by: RedisServer[]) =>
    untilTrue(async () => {
      const named = await Promise.all(by.map(masterTo))
      return new Set(named).size === 1 && named[0] !== redis.master.port
    }, 'the sentinels name another master')
  const roleOf = async (port: number) => (await redisCommand(port, 'ROLE')).split('\n')[0]
  const has = async (port: number, { keyPrefix }: WatchedStore, id: string) =>
    (await redisCommand(port, 'EXISTS', createKeys(keyPrefix).authorization(id))) === '1'
  const isBack = ({ store }: WatchedStore) =>
    untilTrue(async () => (await store.check(Date.now())).problems.length === 0, 'the store is back')

  it(
    'writes nothing to a master that stood still while another one was chosen, and does not yet know that',
    async () => {
      const before = await open({ commandTimeout: ENDLESS })
      redis.master.signal('SIGSTOP')
      await redis.patience(IMPATIENT)
      // It gets as far as the handshake, which the old master would answer as soon as it can.
      const during = await open({ commandTimeout: ENDLESS })
      await anotherIsNamed(redis.sentinelServers)
      redis.master.signal('SIGCONT')
      const next = await masterTo(redis.sentinelServers[0])
      for (const watched of [before, during]) {
        await isBack(watched)
        let written = 0
        do {
          const { id } = await storedCode(watched.store)
          written++
          expect(await has(next, watched, id)).toBe(true)
          // As a replica it gets all there is.
          const isThere = await has(redis.master.port, watched, id)
          expect(isThere && (await roleOf(redis.master.port)) === 'master').toBe(false)
        } while (written < 20)
      }
      expect(before.lost).toEqual(['the sentinels name another master'])
      expect(before.back()).toBe(1)
    },
    LONG,
  )

  it(
    'does not follow a sentinel back to the old master that was cut off and is the only one in reach',
    async () => {
      const watched = await open({ commandTimeout: 1000 })
      const [first, second, cutOff] = redis.sentinelServers as [RedisServer, RedisServer, RedisServer]
      await cutOff.stop()
      await redis.askSentinel(first.port, 'SENTINEL', 'FAILOVER', redis.name)
      await anotherIsNamed([first, second])
      await isBack(watched)
      const next = await masterTo(first)
      const told = watched.lost.length
      for (const sentinel of [first, second]) await sentinel.stop()
      // Nobody is left to tell it of the failover.
      const again = await startRedisServer({ sentinel: true, port: cutOff.port })
      ends.push(again.stop)
      const old = `${redis.master.port}`
      await redis.askSentinel(again.port, 'SENTINEL', 'MONITOR', redis.name, '127.0.0.1', old, '2')
      const isAsked = async () =>
        /name=latchkey.* cmd=sentinel\|get-master/.test(await redisCommand(again.port, 'CLIENT', 'LIST'))
      await untilTrue(isAsked, 'it is asked')
      expect(await masterTo(again)).toBe(redis.master.port)
      for (const { port } of servers) await redisCommand(port, 'CLIENT', 'KILL', 'TYPE', 'normal')
      await isBack(watched)
      const { id } = await storedCode(watched.store)
      expect(await has(next, watched, id)).toBe(true)
      expect(watched.lost.slice(told)).toEqual(['the connection was closed'])
    },
    LONG,
  )

  it(
    'believes the sentinel that knows of the last failover, not the first one',
    async () => {
      const [first] = redis.sentinelServers as [RedisServer]
      await redis.askSentinel(first.port, 'SENTINEL', 'FAILOVER', redis.name)
      await anotherIsNamed(redis.sentinelServers)
      const stale = await startRedisServer({ sentinel: true })
      ends.push(stale.stop)
      const nobody = `${await freePort()}`
      await redis.askSentinel(stale.port, 'SENTINEL', 'MONITOR', redis.name, '127.0.0.1', nobody, '2')
      const sentinels = [{ host: '127.0.0.1', port: stale.port }, ...redis.sentinels]
      const { store, lost } = await open({}, { ...redis, sentinels })
      await storedCode(store)
      expect(lost).toEqual([])
    },
    LONG,
  )

  it(
    'asks the one sentinel that answers where another one refuses and one only takes connections',
    async () => {
      const [first, second] = redis.sentinelServers as [RedisServer, RedisServer]
      await second.stop()
      const mute = createServer((socket) => void socket.resume().end()).listen(0, '127.0.0.1')
      ends.push(async () => mute.close())
      await once(mute, 'listening')
      const { port } = mute.address() as AddressInfo
      const sentinels = [first.port, second.port, port].map((at) => ({ host: '127.0.0.1', port: at }))
      const { store, lost } = await open({}, { ...redis, sentinels })
      await storedCode(store)
      expect(lost).toEqual([])
    },
    LONG,
  )

  it(
    'goes on without any sentinel, also over a new connection',
    async () => {
      const watched = await open()
      await Promise.all(redis.sentinelServers.map((sentinel) => sentinel.stop()))
      await storedCode(watched.store)
      expect(watched.lost).toEqual([])
      await redisCommand(redis.master.port, 'CLIENT', 'KILL', 'TYPE', 'normal')
      await untilTrue(() => watched.back() === 1, 'it is back')
      await storedCode(watched.store)
      expect(watched.lost).toEqual(['the connection was closed'])

      const stranger = await open()
      expect((await stranger.store.check(Date.now())).problems).toEqual([
        expect.stringMatching(/^Redis: out of reach: the sentinel at \S+ does not answer: connect ECONNREFUSED/),
      ])
    },
    LONG,
  )

  it(
    'follows most sentinels where they begin anew with lower epochs, though one that is gone said otherwise',
    async () => {
      const watched = await open()
      const [first, second, third] = redis.sentinelServers as [RedisServer, RedisServer, RedisServer]
      await redis.askSentinel(first.port, 'SENTINEL', 'FAILOVER', redis.name)
      await anotherIsNamed(redis.sentinelServers)
      await isBack(watched)
      const former = await masterTo(first)
      const { port } = servers.find((server) => ![former, redis.master.port].includes(server.port)) as RedisServer
      await third.stop()
      for (const sentinel of [first, second]) await redis.askSentinel(sentinel.port, 'SENTINEL', 'REMOVE', redis.name)
      await redisCommand(port, 'REPLICAOF', 'NO', 'ONE')
      for (const sentinel of [first, second])
        await redis.askSentinel(sentinel.port, 'SENTINEL', 'MONITOR', redis.name, '127.0.0.1', `${port}`, '2')
      const reachesIt = async () => {
        const code = await storedCode(watched.store).catch(() => undefined)
        return code !== undefined && (await has(port, watched, code.id))
      }
      await untilTrue(reachesIt, 'the store follows them')
    },
    LONG,
  )
})
