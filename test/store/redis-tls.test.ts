import { startRedisCluster } from '../helpers/redis-cluster.ts'
import { startRedisSentinels } from '../helpers/redis-sentinels.ts'
import { type RedisServer, startRedisServer } from '../helpers/redis-server.ts'
import { watchedStore } from '../helpers/redis-store.ts'
import { createRedisTls, type RedisTls } from '../helpers/redis-tls.ts'
import { redemptionOf, storedCode } from './contract/records.ts'

let tls: RedisTls
beforeAll(async () => {
  tls = await createRedisTls()
})
afterAll(() => tls?.remove())

/** What several servers take to come up and to find each other. */
const LONG = 60_000

const ends: Array<() => Promise<unknown>> = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})
const open = async (...args: Parameters<typeof watchedStore>) => {
  const watched = await watchedStore(...args)
  ends.push(() => watched.store.close())
  return watched
}
/** A move that writes, and one that reads it again. */
const expectService = async ({ store, lost }: Awaited<ReturnType<typeof watchedStore>>) => {
  expect((await store.check(Date.now())).problems).toEqual([])
  expect(await store.authorizations.redeem(redemptionOf(await storedCode(store)))).toMatchObject({ status: 'redeemed' })
  expect(lost).toEqual([])
}

describe('one Redis behind TLS', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedisServer({ tls: true, settings: tls.settings })
  })
  afterAll(() => redis?.stop())

  it('is reached where its certificate comes from an authority that is trusted', async () => {
    await expectService(await open({ url: `rediss://127.0.0.1:${redis.port}` }, { tlsCa: tls.ca }))
  })

  it('is not reached where it does not, and the reason is told', async () => {
    const { store, lost } = await open({ url: `rediss://127.0.0.1:${redis.port}` })
    expect((await store.check(Date.now())).problems).toEqual([expect.stringMatching(/certificate/)])
    expect(lost).toEqual([expect.stringMatching(/certificate/)])
  })
})

it(
  'a cluster behind TLS is reached by a trusted authority only',
  async () => {
    const { nodes, stop } = await startRedisCluster({ tls })
    ends.push(stop)
    await expectService(await open({ nodes }, { tls: true, tlsCa: tls.ca }))
    const stranger = await open({ nodes }, { tls: true })
    expect((await stranger.store.check(Date.now())).problems).toEqual([expect.stringMatching(/certificate/)])
  },
  LONG,
)

describe('sentinels', () => {
  it(
    'behind TLS, and their master behind TLS, are reached by a trusted authority only',
    async () => {
      const { stop, ...where } = await startRedisSentinels({ tls })
      ends.push(stop)
      await expectService(await open(where, { tls: true, tlsCa: tls.ca }))
      const stranger = await open(where, { tls: true })
      const problems = [
        expect.stringMatching(/^Redis: out of reach: the sentinel at \S+ does not answer: .*certificate/),
      ]
      expect((await stranger.store.check(Date.now())).problems).toEqual(problems)
    },
    LONG,
  )

  it(
    'have a password of their own, which is not that of the master',
    async () => {
      const [password, sentinelPassword] = ['of-the-master', 'of-the-sentinels']
      const { stop, ...where } = await startRedisSentinels({ password, sentinelPassword })
      ends.push(stop)
      await expectService(await open(where, { password, sentinelPassword }))

      const problemsWith = async (given: { password: string; sentinelPassword: string | undefined }) =>
        (await (await open(where, given)).store.check(Date.now())).problems
      const without = await problemsWith({ password, sentinelPassword: undefined })
      expect(without).toEqual([expect.stringMatching(/^Redis: out of reach: the sentinel at \S+ wants a password$/)])
      const swapped = await problemsWith({ password: sentinelPassword, sentinelPassword: password })
      expect(swapped).toEqual([
        expect.stringMatching(/^Redis: out of reach: the sentinel at \S+ refuses its password$/),
      ])
      const wrong = await problemsWith({ password: sentinelPassword, sentinelPassword })
      expect(wrong).toEqual([expect.stringMatching(/^Redis: out of reach: it refuses the user name or the password/)])
    },
    LONG,
  )
})
