import { generateKeyPairSync } from 'node:crypto'
import { decodeJwt } from 'jose'
import request from 'supertest'
import { alice, CLIENT_SECRET, confidentialClient, publicClient } from '../helpers/fixtures.ts'
import { freshPrefix, onBothStores, type TestServer, testServer } from '../helpers/server.ts'

const API = 'https://api.example/v1'
const OTHER = 'https://other.example'

const clients = [
  publicClient,
  confidentialClient,
  { ...confidentialClient, client_id: 'api-backend', grant_types: ['client_credentials'] },
  { ...confidentialClient, client_id: 'gateway', grant_types: ['client_credentials'], introspection: 'any' },
  { ...publicClient, client_id: 'discreet', access_token_format: { [API]: 'opaque' } },
]
const RESOURCES = JSON.stringify({ [API]: { introspected_by: ['api-backend'] }, [OTHER]: {} })

onBothStores('introspection and revocation', (store) => {
  let server: TestServer
  beforeEach(async () => {
    server = await testServer({ store, clients, env: { RESOURCES, DEFAULT_RESOURCE: API } })
  })
  afterEach(() => server.close())

  const tokensFor = async (client_id: string, more: Record<string, string> = {}) => {
    const wanted = server.request({ client_id, ...more })
    const secret = client_id === 'backend' ? { client_secret: CLIENT_SECRET } : {}
    return (await server.token(wanted.redeem(await server.code(wanted), secret))).body
  }
  const as = (client_id: string) => ({ client_id, client_secret: CLIENT_SECRET })
  const post = (path: string, form: Record<string, string>) => request(server.app).post(path).type('form').send(form)
  const introspect = async (token: string, client = 'api-backend') =>
    (await post('/oauth/introspect', { token, ...as(client) })).body
  const refresh = (refresh_token: string) =>
    server.token({ grant_type: 'refresh_token', client_id: 'app', refresh_token })

  it('tells the API’s own backend what a token may do (RFC 7662 §2.2)', async () => {
    const { access_token } = await tokensFor('app')
    const answer = await post('/oauth/introspect', { token: access_token, ...as('api-backend') })
    expect(answer.headers['cache-control']).toBe('no-store')
    const now = Math.floor(server.clock.now() / 1000)
    expect(answer.body).toEqual({
      active: true,
      token_type: 'Bearer',
      iss: 'http://localhost:3000',
      sub: alice.sub,
      username: 'alice',
      aud: API,
      client_id: 'app',
      scope: 'read',
      iat: now,
      exp: now + 3600,
      jti: decodeJwt(access_token).jti,
      auth_time: expect.any(Number),
    })
  })

  it('tells a gateway of every token, and a backend nothing of another API’s', async () => {
    const { access_token } = await tokensFor('app', { resource: OTHER })
    expect(await introspect(access_token, 'api-backend')).toEqual({ active: false })
    expect(await introspect(access_token, 'gateway')).toMatchObject({ active: true, aud: OTHER })
  })

  it('tells a client of its own tokens only', async () => {
    const own = await tokensFor('backend', { redirect_uri: 'https://backend.example/callback' })
    const foreign = await tokensFor('app')
    expect(await introspect(own.access_token, 'backend')).toMatchObject({ active: true })
    expect(await introspect(own.refresh_token, 'backend')).toMatchObject({
      active: true,
      client_id: 'backend',
      sub: alice.sub,
    })
    expect(await introspect(foreign.access_token, 'backend')).toEqual({ active: false })
    expect(await introspect(foreign.refresh_token, 'backend')).toEqual({ active: false })
    expect(await introspect(foreign.refresh_token, 'gateway')).toEqual({ active: false })
  })

  it('resolves opaque tokens, which say nothing by themselves', async () => {
    const { access_token } = await tokensFor('discreet')
    expect(access_token).toMatch(/^lka_/)
    expect(() => decodeJwt(access_token)).toThrow()
    expect(await introspect(access_token)).toMatchObject({
      active: true,
      client_id: 'discreet',
      aud: API,
      scope: 'read',
    })
    const elsewhere = await tokensFor('discreet', { resource: OTHER })
    expect(decodeJwt(elsewhere.access_token).aud).toBe(OTHER)
  })

  it.each(['app', 'discreet'])(
    'a revoked access token of %s is inactive at once, its siblings are not',
    async (client_id) => {
      const first = await tokensFor(client_id)
      const second = (
        await server.token({ grant_type: 'refresh_token', client_id, refresh_token: first.refresh_token })
      ).body
      const answer = await post('/oauth/revoke', { token: first.access_token, client_id })
      expect([answer.status, answer.body]).toEqual([200, {}])
      expect(answer.headers['content-type']).toMatch(/^application\/json/)
      expect(await introspect(first.access_token)).toEqual({ active: false })
      expect(await introspect(second.access_token)).toMatchObject({ active: true })
    },
  )

  it('a revoked refresh token ends the whole authorization, whichever generation was shown (RFC 7009 §2.1)', async () => {
    const first = await tokensFor('app')
    const second = (await refresh(first.refresh_token)).body
    await post('/oauth/revoke', { token: first.refresh_token, client_id: 'app', token_type_hint: 'access_token' })
    expect((await refresh(second.refresh_token)).body.error).toBe('invalid_grant')
    expect(await introspect(second.access_token)).toEqual({ active: false })
  })

  it('whatever ends an authorization ends its access tokens: a replay, a reuse, a user who is gone', async () => {
    const wanted = server.request()
    const code = await server.code(wanted)
    const replayed = (await server.token(wanted.redeem(code))).body
    await server.token(wanted.redeem(code))
    expect(await introspect(replayed.access_token)).toEqual({ active: false })

    const reused = await tokensFor('app')
    const second = (await refresh(reused.refresh_token)).body
    await refresh(second.refresh_token)
    await refresh(reused.refresh_token)
    expect(await introspect(second.access_token)).toEqual({ active: false })

    const orphan = await tokensFor('app')
    await server.deps.reload({ ...server.config, users: [] })
    expect(await introspect(orphan.access_token)).toEqual({ active: false })
  })

  it('an expired token is inactive', async () => {
    const { access_token, refresh_token } = await tokensFor('app')
    server.clock.advance({ seconds: 3600 })
    expect(await introspect(access_token)).toEqual({ active: false })
    expect((await refresh(refresh_token)).status).toBe(200)
  })

  it.each(['x', 'a.b.c', 'lkr_x.1.y', 'lka_x', 'lka_a.b.c.d.e', 'eyJhbGciOiJub25lIn0.e30.', 'x'.repeat(20_000)])(
    'what is no token at all is inactive, and fine to revoke: %#',
    async (token) => {
      expect(await introspect(token)).toEqual({ active: false })
      expect((await post('/oauth/revoke', { token, client_id: 'app' })).status).toBe(200)
    },
  )

  it('another client’s tokens are not revoked, and the stranger is not told (RFC 7009 §2.1)', async () => {
    const { access_token, refresh_token } = await tokensFor('app')
    for (const token of [access_token, refresh_token]) {
      const answer = await post('/oauth/revoke', { token, ...as('backend') })
      expect([answer.status, answer.body]).toEqual([200, {}])
    }
    expect(await introspect(access_token)).toMatchObject({ active: true })
    expect((await refresh(refresh_token)).status).toBe(200)
  })

  it('wants to know who asks: no public client, no wrong secret, a token', async () => {
    const nobody = await post('/oauth/introspect', { token: 'x', client_id: 'app' })
    expect([nobody.status, nobody.body.error]).toEqual([401, 'invalid_client'])
    const wrong = await post('/oauth/introspect', { token: 'x', client_id: 'gateway', client_secret: 'wrong' })
    expect([wrong.status, wrong.body.error]).toEqual([401, 'invalid_client'])
    for (const path of ['/oauth/introspect', '/oauth/revoke']) {
      const none = await post(path, as('gateway'))
      expect([none.status, none.body.error_description]).toEqual([400, 'missing parameter: token'])
    }
  })
})

it('what one process revokes is inactive on another at once', async () => {
  const env = { RESOURCES, DEFAULT_RESOURCE: API, ...sharedEnvironment() }
  const [here, there] = [
    await testServer({ store: 'redis', clients, env }),
    await testServer({ store: 'redis', clients, env }),
  ]
  const wanted = here.request()
  const { access_token, refresh_token } = (await here.token(wanted.redeem(await here.code(wanted)))).body
  const ask = async () => {
    const form = { token: access_token, client_id: 'api-backend', client_secret: CLIENT_SECRET }
    return (await request(there.app).post('/oauth/introspect').type('form').send(form)).body.active
  }
  expect(await ask()).toBe(true)
  await request(here.app).post('/oauth/revoke').type('form').send({ token: refresh_token, client_id: 'app' })
  expect(await ask()).toBe(false)
  await Promise.all([here.close(), there.close()])
})

/** Two servers of one deployment: the same Redis, prefix and keys. */
function sharedEnvironment(): Record<string, string | undefined> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256' }
  return {
    SIGNING_KEYS: JSON.stringify({ keys: [jwk] }),
    REDIS_URL: process.env.TEST_REDIS_URL,
    REDIS_KEY_PREFIX: freshPrefix(),
  }
}
