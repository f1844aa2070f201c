import { CLIENT_SECRET } from '../helpers/fixtures.ts'
import { createLossyProxy } from '../helpers/lossy-proxy.ts'
import { IMPATIENT as NODES_IMPATIENT, startRedisCluster } from '../helpers/redis-cluster.ts'
import { redisCommand, untilTrue } from '../helpers/redis-command.ts'
import { IMPATIENT as SENTINELS_IMPATIENT, startRedisSentinels } from '../helpers/redis-sentinels.ts'
import type { RedisServer } from '../helpers/redis-server.ts'
import { watchedStore } from '../helpers/redis-store.ts'
import { type TestServer, testServer, UNHURRIED } from '../helpers/server.ts'

/** More than half of what a request has for its Redis, and far less than all. In milliseconds. */
const SLOW = 0.6 * UNHURRIED

/** Milliseconds after which no machine is too busy to say something. */
const PATIENT = 60_000

const addresses = (servers: ReadonlyArray<{ host: string; port: number }>) =>
  servers.map(({ host, port }) => `${host}:${port}`).join(',')

/** Where a failover can happen. */
interface Group {
  /** The one that dies. */
  master: RedisServer
  /** Those that have what it has. */
  replicas: readonly RedisServer[]
  /** Lets the others see that it is dead, as they do after some seconds of silence, and makes them patient again. */
  notice(): Promise<void>
  calmDown(): Promise<void>
}

describe('a server on several Redis', () => {
  const ends: Array<() => Promise<unknown>> = []
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })

  const serve = async (env: Record<string, string>) => {
    const server = await testServer({ store: 'redis', env: { REDIS_URL: undefined, ...env } })
    ends.push(server.close)
    return server
  }

  const refresh = (server: TestServer, refresh_token: string) =>
    server.token({ grant_type: 'refresh_token', client_id: 'app', refresh_token })

  async function wholeFlow(server: TestServer): Promise<string> {
    const request = server.request()
    const redeemed = await server.token(request.redeem(await server.code(request)))
    expect(redeemed.status).toBe(200)
    const refreshed = await refresh(server, redeemed.body.refresh_token)
    expect(refreshed.status).toBe(200)
    return refreshed.body.refresh_token
  }

  const works = (server: TestServer) =>
    wholeFlow(server).then(
      () => true,
      () => false,
    )

  /** The master dies, and another one takes over: what was handed out before goes on, without a restart. */
  async function expectSurvival(server: TestServer, { master, replicas, notice, calmDown }: Group): Promise<void> {
    await untilTrue(() => works(server), 'flows come to their end')
    const tokens = await Promise.all(Array.from({ length: 6 }, () => wholeFlow(server)))
    for (const replica of replicas) {
      const offset = /master_repl_offset:(\d+)/
      const of = async (port: number) => offset.exec(await redisCommand(port, 'INFO', 'replication'))?.[1]
      await untilTrue(async () => (await of(replica.port)) === (await of(master.port)), 'the replica has everything')
    }
    master.signal('SIGKILL')
    const during = tokens.map((token) => refresh(server, token))
    await untilTrue(() => !master.alive(), 'the master is dead')
    await notice()
    for (const { status } of await Promise.all(during)) expect([200, 503]).toContain(status)
    const isBack = async () => (await server.deps.store.check(server.clock.now())).problems.length === 0
    await untilTrue(isBack, 'another master takes over')
    await calmDown()
    // Where a replica has to confirm, it may still be busy with what it missed.
    await untilTrue(() => works(server), 'flows come to their end again')
    for (const token of tokens) expect((await refresh(server, token)).status).toBe(200)
    await wholeFlow(server)
    const told = server.logs().map(({ msg }) => msg)
    expect(told).toContain('Redis is out of reach')
    expect(told).toContain('Redis is back')
    expect(told.filter((msg) => msg === 'Redis is out of reach').length).toBeLessThan(4)
  }

  it('finds the master by Sentinel, and the next one when that is lost', async () => {
    const { sentinels, name, master, replicas, patience, stop } = await startRedisSentinels()
    ends.push(stop)
    const env = { REDIS_SENTINELS: addresses(sentinels), REDIS_SENTINEL_NAME: name, REDIS_WAIT_REPLICAS: '1' }
    const notice = () => patience(SENTINELS_IMPATIENT)
    await expectSurvival(await serve(env), { master, replicas, notice, calmDown: () => patience(PATIENT) })

    const stranger = await watchedStore({ sentinels, name: 'unheard-of' })
    ends.push(() => stranger.store.close())
    expect((await stranger.store.check(Date.now())).problems).toEqual([
      'Redis: out of reach: the sentinels know no master named unheard-of',
    ])
  })

  it('works on a cluster, and goes on when one of its masters is lost', async () => {
    const { nodes, masters, replicas, patience, stop } = await startRedisCluster()
    ends.push(stop)
    const server = await serve({ REDIS_CLUSTER_NODES: addresses(nodes) })
    const [master, replica] = [masters[0], replicas[0]] as [RedisServer, RedisServer]
    const notice = () => patience(NODES_IMPATIENT)
    await expectSurvival(server, { master, replicas: [replica], notice, calmDown: () => patience(PATIENT) })
  })

  it('on a cluster hands nothing out before the replica of the slot has it', async () => {
    const { nodes, replicas, stop } = await startRedisCluster()
    ends.push(stop)
    const server = await serve({ REDIS_CLUSTER_NODES: addresses(nodes), REDIS_WAIT_REPLICAS: '1' })
    await untilTrue(() => works(server), 'flows come to their end')
    const tokens = await Promise.all(Array.from({ length: 6 }, () => wholeFlow(server)))
    for (const replica of replicas) replica.signal('SIGSTOP')
    for (const token of tokens) expect((await refresh(server, token)).status).toBe(503)
    for (const replica of replicas) replica.signal('SIGCONT')
  })
})

describe('a token request whose answer from Redis is lost', () => {
  it('is answered as if nothing had happened', async () => {
    const { port } = new URL(process.env.TEST_REDIS_URL as string)
    const proxy = await createLossyProxy(Number(port || 6379))
    const server = await testServer({ store: 'redis', env: { REDIS_URL: `redis://127.0.0.1:${proxy.port}` } })
    try {
      const request = server.request()
      const code = await server.code(request)
      const lost = proxy.loseAnswerTo('authorization:{')
      const redeemed = await server.token(request.redeem(code))
      await lost
      expect(redeemed.status).toBe(200)
      expect(server.events().filter(({ audit }) => audit === 'code.redeemed')).toHaveLength(1)
      const lostAgain = proxy.loseAnswerTo('authorization:{')
      const form = { grant_type: 'refresh_token', client_id: 'app', refresh_token: redeemed.body.refresh_token }
      const refreshed = await server.token(form)
      await lostAgain
      expect(refreshed.status).toBe(200)
      // The code counted: whoever brings it again is refused, and ends what it gave (RFC 6749 §4.1.2).
      expect((await server.token(request.redeem(code))).body.error).toBe('invalid_grant')
      const after = await server.token({ ...form, refresh_token: refreshed.body.refresh_token })
      expect(after.body.error).toBe('invalid_grant')
    } finally {
      await server.close()
      await proxy.close()
    }
  })

  it('is answered by 503 where several slow answers would add up to a hang', async () => {
    const { port } = new URL(process.env.TEST_REDIS_URL as string)
    const proxy = await createLossyProxy(Number(port || 6379))
    const server = await testServer({ store: 'redis', env: { REDIS_URL: `redis://127.0.0.1:${proxy.port}` } })
    try {
      const client = { client_id: 'backend', redirect_uri: 'https://backend.example/callback' }
      const request = server.request(client)
      const form = request.redeem(await server.code(request), { client_secret: CLIENT_SECRET })
      // Two commands, each well within its own time, and together more than there is for a request.
      proxy.slow(SLOW)
      const answer = await server.token(form)
      expect(answer.status).toBe(503)
      const { err } = server.logs().find(({ cause }) => cause === 'store-unavailable') as { err: { message: string } }
      const [, left = Number.NaN] = /no answer within (\d+) ms$/.exec(err.message) ?? []
      expect(Number(left)).toBeLessThanOrEqual(UNHURRIED - SLOW)
    } finally {
      proxy.slow(0)
      await server.close()
      await proxy.close()
    }
  })
})
