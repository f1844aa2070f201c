import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { startRedisCluster } from '../helpers/redis-cluster.ts'
import { redisCommand } from '../helpers/redis-command.ts'
import { type RedisServer, startRedisServer } from '../helpers/redis-server.ts'
import { type WatchedStore, watchedStore } from '../helpers/redis-store.ts'
import { redemptionOf, storedCode } from './contract/records.ts'
import { storeContract } from './contract.ts'

const run = promisify(execFile)
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

describe('Redis behind TLS', () => {
  let dir: string
  let redis: RedisServer
  let ca: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'latchkey-tls-'))
    const file = (name: string) => join(dir, name)
    await run('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
      ...['-keyout', file('key.pem'), '-out', file('cert.pem')],
    ])
    ca = await readFile(file('cert.pem'), 'utf8')
    const files = ['--tls-cert-file', file('cert.pem'), '--tls-key-file', file('key.pem'), '--tls-auth-clients', 'no']
    redis = await startRedisServer({ tls: true, settings: files })
  })
  afterAll(async () => {
    await redis?.stop()
    await rm(dir, { recursive: true, force: true })
  })

  it('is reached where its certificate comes from an authority that is trusted', async () => {
    const { store, lost } = await watchedStore({ url: `rediss://127.0.0.1:${redis.port}` }, { tlsCa: ca })
    expect((await store.check(Date.now())).problems).toEqual([])
    expect(lost).toEqual([])
    await store.close()
  })

  it('is not reached where it does not, and the reason is told', async () => {
    const { store, lost } = await watchedStore({ url: `rediss://127.0.0.1:${redis.port}` })
    expect((await store.check(Date.now())).problems).toEqual([expect.stringMatching(/certificate/)])
    expect(lost).toEqual([expect.stringMatching(/certificate/)])
    await store.close()
  })
})
