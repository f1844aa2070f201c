import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { startRedisCluster } from '../helpers/redis-cluster.ts'
import { redisCommand } from '../helpers/redis-command.ts'
import { type RedisServer, startRedisServer } from '../helpers/redis-server.ts'
import { type WatchedStore, watchedStore } from '../helpers/redis-store.ts'
import { redemptionOf, storedCode } from './contract/records.ts'
import { storeContract } from './contract.ts'

const PAGE = resolve(import.meta.dirname, '..', '..', 'docs', 'redis.md')

/** The rules of the ACL user that docs/redis.md has, for the keys and the password of a test. */
async function rulesOfPage(form: 'one' | 'cluster'): Promise<string[]> {
  const page = await readFile(PAGE, 'utf8')
  const blocks = [...page.matchAll(/```text\n(ACL SETUSER latchkey[^`]*)```/g)].map(([, block = '']) => block)
  const words = (block = '') => block.replaceAll('\\\n', ' ').trim().split(/\s+/).slice(3)
  const [main, more] = blocks.map(words) as [string[], string[]]
  const rules = form === 'one' ? main : [...main, ...more]
  return rules.map((rule) => (rule.startsWith('>') ? '>pw' : rule.startsWith('~') ? '~test-*' : rule))
}

describe('the ACL user of docs/redis.md', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedisServer({ settings: ['--appendonly', 'yes'] })
    await redisCommand(redis.port, 'ACL', 'SETUSER', 'latchkey', ...(await rulesOfPage('one')))
  })
  afterAll(() => redis?.stop())

  const open = () => watchedStore({ url: redis.url.replace('//', '//latchkey:pw@') }, { waitReplicas: 0 })

  storeContract('Redis, as that user', async () => (await open()).store)

  it('may ask what health is told by', async () => {
    const { store } = await open()
    expect(await store.check(Date.now())).toEqual({ problems: [], warnings: [] })
    await store.close()
  })

  it('was refused nothing, and may nothing that is not used', async () => {
    expect(await redisCommand(redis.port, 'ACL', 'LOG')).toBe('')
    const called = await redisCommand(redis.port, 'INFO', 'commandstats')
    const allowed = (await rulesOfPage('one')).filter((rule) => rule.startsWith('+')).map((rule) => rule.slice(1))
    expect(allowed.length).toBeGreaterThan(10)
    // Asked only where there are replicas to wait for, or an answer was lost.
    const rare = ['wait', 'get']
    const unused = allowed.filter((name) => !rare.includes(name) && !called.includes(`cmdstat_${name}:`))
    expect(unused).toEqual([])
  })

  it('is enough on a cluster with the rules for one, replicas to wait for included', async () => {
    const cluster = await startRedisCluster({ settings: ['--appendonly', 'yes'] })
    let watched: WatchedStore | undefined
    try {
      const rules = await rulesOfPage('cluster')
      for (const { port } of [...cluster.masters, ...cluster.replicas])
        await redisCommand(port, 'ACL', 'SETUSER', 'latchkey', ...rules)
      watched = await watchedStore({ nodes: cluster.nodes }, { username: 'latchkey', password: 'pw', waitReplicas: 1 })
      expect(await watched.store.check(Date.now())).toEqual({ problems: [], warnings: [] })
      const code = await storedCode(watched.store)
      expect(await watched.store.authorizations.redeem(redemptionOf(code))).toMatchObject({ status: 'redeemed' })
      for (const { port } of cluster.masters) expect(await redisCommand(port, 'ACL', 'LOG')).toBe('')
    } finally {
      await watched?.store.close()
      await cluster.stop()
    }
  })
})
