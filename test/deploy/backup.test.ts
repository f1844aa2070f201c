import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type RedisServer, startRedisServer } from '../helpers/redis-server.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

const run = promisify(execFile)

/** What docs/operations/backup.md promises of a Redis that was restored from a backup of some hours ago. */
describe('after a restore from a backup', () => {
  let folder: string
  let server: TestServer
  let restored: RedisServer
  /** The newest refresh token of each authorization. */
  const tokens = { refreshed: '', oldest: '', revoked: '', later: '' }

  const refresh = (refresh_token: string) =>
    server.token({ grant_type: 'refresh_token', client_id: 'app', refresh_token })
  const begin = async () => {
    const wanted = server.request()
    return (await server.token(wanted.redeem(await server.code(wanted)))).body.refresh_token as string
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'latchkey-backup-'))
    const redis = await startRedisServer()
    const env = { REDIS_KEY_PREFIX: 'latchkey:' }
    server = await testServer({ store: 'redis', env: { ...env, REDIS_URL: redis.url } })
    tokens.oldest = await begin()
    tokens.revoked = await begin()

    await run('redis-cli', ['-p', `${redis.port}`, '--rdb', join(folder, 'dump.rdb')])

    const second = (await refresh(tokens.oldest)).body.refresh_token
    tokens.refreshed = (await refresh(second)).body.refresh_token
    await server.deps.store.authorizations.revoke(tokens.revoked.slice(4, 26))
    tokens.later = await begin()
    expect((await refresh(tokens.revoked)).status).toBe(400)

    await server.close()
    await redis.stop()
    restored = await startRedisServer({ settings: ['--dir', folder] })
    server = await testServer({ store: 'redis', env: { ...env, REDIS_URL: restored.url } })
  })
  afterAll(async () => {
    await server?.close()
    await restored?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('the newest refresh token is taken, and older ones are told from it again', async () => {
    expect((await refresh(tokens.refreshed)).status).toBe(200)
    expect((await refresh(tokens.oldest)).body.error).toBe('invalid_grant')
    expect((await refresh(tokens.refreshed)).body.error).toBe('invalid_grant')
  })

  it('what was revoked since is good again, until it is revoked once more', async () => {
    const answer = await refresh(tokens.revoked)
    expect(answer.status).toBe(200)
    await server.deps.store.authorizations.revoke(tokens.revoked.slice(4, 26))
    expect((await refresh(answer.body.refresh_token)).body.error).toBe('invalid_grant')
  })

  it('what began since is not known', async () => {
    expect((await refresh(tokens.later)).body.error).toBe('invalid_grant')
  })
})
