import { rm } from 'node:fs/promises'
import { createKeys } from '../../src/store/redis/keys.ts'
import { adviceOf } from '../../src/store/redis/node-facts.ts'
import { freePort } from '../helpers/free-port.ts'
import { type RedisCluster, startRedisCluster } from '../helpers/redis-cluster.ts'
import { redisCommand, untilTrue } from '../helpers/redis-command.ts'
import { type RedisServer, startRedisServer } from '../helpers/redis-server.ts'
import { type WatchedStore, watchedStore } from '../helpers/redis-store.ts'
import { newCode, redemptionOf, storedCode } from './contract/records.ts'

const SECRET = 'Zq8wKx3v'

describe('what the server says about its Redis', () => {
  const ends: Array<() => Promise<unknown>> = []
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })

  const start = async (settings: readonly string[] = []) => {
    const redis = await startRedisServer({ settings })
    ends.push(redis.stop)
    return redis
  }
  const open = async (...args: Parameters<typeof watchedStore>) => {
    const watched = await watchedStore(...args)
    ends.push(() => watched.store.close())
    return watched
  }

  /** Redis refuses writes: readiness says why, callers learn no more than that it is away, and nothing is half written. */
  async function expectNoWrites(redis: RedisServer, { store, keyPrefix }: WatchedStore, words: RegExp, code: RegExp) {
    expect((await store.check(Date.now())).problems).toEqual([expect.stringMatching(words)])
    const wanted = newCode()
    await expect(store.authorizations.create(wanted)).rejects.toMatchObject({
      name: 'StoreUnavailable',
      reason: expect.stringMatching(code),
    })
    expect(await redisCommand(redis.port, 'EXISTS', createKeys(keyPrefix).authorization(wanted.id))).toBe('0')
  }

  it('nothing, where it is as it should be', async () => {
    const { url } = await start(['--appendonly', 'yes'])
    const { store, lost } = await open({ url })
    expect(await store.check(Date.now())).toEqual({ problems: [], warnings: [] })
    expect(lost).toEqual([])
  })

  it('warns of what puts records at risk', async () => {
    const { url } = await start(['--maxmemory-policy', 'allkeys-lru'])
    const { store } = await open({ url })
    const asked = Date.now()
    const { problems, warnings } = await store.check(asked + 5 * 60_000)
    // Redis looked at its clock some time later.
    const later = Math.ceil((Date.now() - asked) / 1000)
    expect(problems).toEqual([])
    const [, behind] = /^Redis: its clock is (\d+) seconds behind this process's/.exec(warnings[0] ?? '') ?? []
    expect(Number(behind)).toBeGreaterThanOrEqual(300 - later)
    expect(Number(behind)).toBeLessThanOrEqual(301)
    expect(warnings.slice(1)).toEqual([
      expect.stringMatching(/^Redis: maxmemory-policy is allkeys-lru: .* codes and sessions vanish/),
      expect.stringMatching(/^Redis: it keeps nothing on disk/),
    ])
  })

  it.each([
    ['5.0.14', 1],
    ['6.0.16', 1],
    ['6.2.0', 0],
    ['7.4.1', 0],
    ['10.0.0', 0],
  ])('knows whether version %s is too old', (version, warnings) => {
    const info = `redis_version:${version}\r\nmaxmemory_policy:noeviction\r\naof_enabled:1`
    const advice = adviceOf({ info, time: [0, 0], save: '' }, { now: 0, waitReplicas: 0 })
    expect(advice.warnings.filter((sentence) => sentence.includes('older than 6.2'))).toHaveLength(warnings)
  })

  it('says what may not be asked', async () => {
    const { url, port } = await start()
    await redisCommand(port, 'ACL', 'SETUSER', 'narrow', 'on', '>pw', '~*', '&*', '+@all', '-info', '-config', '-time')
    const { store } = await open({ url: url.replace('//', '//narrow:pw@') })
    const { problems, warnings } = await store.check(Date.now())
    expect(problems).toEqual([])
    expect(warnings).toEqual([
      'Redis: its clock could not be compared with ours: TIME is not allowed',
      'Redis: version, eviction and persistence could not be checked: INFO is not allowed',
    ])
  })

  it('that it is a replica, which takes no writes', async () => {
    const { port } = await start()
    const replica = await start(['--replicaof', `127.0.0.1 ${port}`])
    const { store } = await open({ url: replica.url })
    const { problems } = await store.check(Date.now())
    expect(problems).toContainEqual('Redis: it is a replica, which takes no writes')
  })

  it('that its memory is full', async () => {
    const redis = await start(['--appendonly', 'yes'])
    const watched = await open({ url: redis.url })
    await redisCommand(redis.port, 'CONFIG', 'SET', 'maxmemory', '1')
    await expectNoWrites(redis, watched, /^Redis: its memory is full and it refuses writes \(OOM\)/, /\bOOM\b/)
  })

  it('that it could not save, and that a code which nobody could redeem is as it was', async () => {
    const redis = await start()
    const watched = await open({ url: redis.url })
    const code = await storedCode(watched.store)
    await redisCommand(redis.port, 'CONFIG', 'SET', 'save', '3600 1')
    await rm(redis.dir, { recursive: true })
    await redisCommand(redis.port, 'BGSAVE')
    await untilTrue(
      async () => (await redisCommand(redis.port, 'INFO', 'persistence')).includes('last_bgsave_status:err'),
      'the save fails',
    )
    await expectNoWrites(redis, watched, /^Redis: it refuses writes since it could not save to disk/, /MISCONF/)
    await expect(watched.store.authorizations.redeem(redemptionOf(code))).rejects.toThrow('MISCONF')
    await redisCommand(redis.port, 'CONFIG', 'SET', 'stop-writes-on-bgsave-error', 'no')
    expect(await watched.store.authorizations.redeem(redemptionOf(code))).toMatchObject({ status: 'redeemed' })
    expect((await watched.store.check(Date.now())).problems).toEqual([])
  })

  it('that it has too few replicas', async () => {
    const redis = await start(['--appendonly', 'yes'])
    const watched = await open({ url: redis.url })
    await redisCommand(redis.port, 'CONFIG', 'SET', 'min-replicas-to-write', '1')
    await expectNoWrites(redis, watched, /^Redis: .*min-replicas-to-write \(NOREPLICAS\)/, /NOREPLICAS/)
  })

  it.each([
    [
      'a wrong password',
      `:${SECRET}@`,
      /^Redis: out of reach: it refuses the user name or the password \(WRONGPASS\)$/,
    ],
    ['a wrong user', `nobody:${SECRET}@`, /\(WRONGPASS\)$/],
    ['no password', '', /^Redis: out of reach: it wants a password \(NOAUTH\)$/],
  ])('that it was given %s, without showing it', async (_what, login, words) => {
    const { url, port } = await start(['--requirepass', 'the-right-one'])
    const { store, lost } = await open({ url: url.replace('//', `//${login}`) })
    const { problems } = await store.check(Date.now())
    expect(problems).toEqual([expect.stringMatching(words)])
    await expect(store.once.use('scope', 'id', 2, 1)).rejects.toThrow(/WRONGPASS|NOAUTH/)
    expect([...problems, ...lost].join()).not.toMatch(new RegExp(`${SECRET}|the-right-one`))
    expect(lost).toHaveLength(1)
    expect(port).toBeGreaterThan(0)
  })

  it('that it is not there', async () => {
    const { store } = await open({ url: `redis://user:${SECRET}@127.0.0.1:${await freePort()}` })
    const { problems } = await store.check(Date.now())
    expect(problems).toEqual([expect.stringMatching(/^Redis: out of reach: connect ECONNREFUSED/)])
    expect(problems.join()).not.toContain(SECRET)
  })

  it('that more replicas are to confirm than there are, and hands nothing out', async () => {
    const redis = await start(['--appendonly', 'yes'])
    const { store } = await open({ url: redis.url }, { waitReplicas: 1 })
    expect((await store.check(Date.now())).problems).toEqual([
      'Redis: REDIS_WAIT_REPLICAS is 1, but 0 replicas are connected, so writes are refused',
    ])
    const code = newCode()
    await expect(store.authorizations.create(code)).rejects.toThrow('0 of 1 replicas confirmed a write')
    // What hands nothing out waits for nobody.
    expect(await store.authorizations.find(code.id, 1)).toBeUndefined()
    await start(['--replicaof', `127.0.0.1 ${redis.port}`, '--repl-diskless-sync-delay', '0'])
    await redisCommand(redis.port, 'CONFIG', 'SET', 'repl-diskless-sync-delay', '0')
    await untilTrue(
      async () => (await redisCommand(redis.port, 'INFO', 'replication')).includes('state=online'),
      'the replica follows',
    )
    // It may still be busy with what it missed.
    const confirms = () =>
      store.authorizations.create(newCode()).then(
        () => true,
        () => false,
      )
    await untilTrue(confirms, 'the replica confirms')
    expect((await store.check(Date.now())).problems).toEqual([])
  })

  it('that a slot of the cluster is served by nobody', async () => {
    const cluster: RedisCluster = await startRedisCluster({ without: 1 })
    ends.push(cluster.stop)
    const { store } = await open({ nodes: cluster.nodes })
    const { problems } = await store.check(Date.now())
    expect(problems).toContainEqual('Redis: 1 of 16384 slots of the cluster are served by no node')
    expect(problems).toContainEqual(expect.stringMatching(/^Redis .*\(CLUSTERDOWN\)$/))
    await expect(store.authorizations.create(newCode())).rejects.toThrow('CLUSTERDOWN')
  })
})
