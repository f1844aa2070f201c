import { decodeJwt } from 'jose'
import request from 'supertest'
import { CLIENT_SECRET, confidentialClient, publicClient } from '../helpers/fixtures.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'

const API = 'https://api.example'
const machine = {
  client_id: 'machine',
  client_secret: CLIENT_SECRET,
  grant_types: ['client_credentials'],
  scope: 'read write',
  resources: [API],
}

onBothStores('client_credentials', (store) => {
  let server: TestServer
  beforeAll(async () => {
    server = await testServer({
      store,
      clients: [
        machine,
        confidentialClient,
        { ...publicClient, grant_types: ['client_credentials', 'authorization_code'] },
      ],
      env: {
        RESOURCES: JSON.stringify({ [API]: { scopes: 'read', access_token_ttl: 600 }, 'https://other.example': {} }),
      },
    })
  })
  afterAll(() => server.close())

  const ask = (more: Record<string, string> = {}) =>
    server.token({
      grant_type: 'client_credentials',
      client_id: 'machine',
      client_secret: CLIENT_SECRET,
      resource: API,
      ...more,
    })

  it('gives a client a token of its own, with sub = client_id and no refresh token (RFC 6749 §4.4.3, RFC 9068 §2.2)', async () => {
    const { status, body } = await ask()
    expect(status).toBe(200)
    expect(body).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 600, scope: 'read' })
    expect(decodeJwt(body.access_token)).toMatchObject({
      sub: 'machine',
      client_id: 'machine',
      aud: API,
      scope: 'read',
    })
    expect(decodeJwt(body.access_token)).not.toHaveProperty('auth_time')
  })

  it('can be introspected and revoked by its client', async () => {
    const { access_token: token } = (await ask()).body
    const form = { token, client_id: 'machine', client_secret: CLIENT_SECRET }
    const introspect = async () => (await request(server.app).post('/oauth/introspect').type('form').send(form)).body
    expect(await introspect()).toMatchObject({ active: true, sub: 'machine' })
    await request(server.app).post('/oauth/revoke').type('form').send(form)
    expect(await introspect()).toEqual({ active: false })
  })

  it.each([
    ['a scope that is not the client’s', { scope: 'admin' }, 'invalid_scope'],
    ['a resource that is not the client’s', { resource: 'https://other.example' }, 'invalid_target'],
    ['a resource nobody knows', { resource: 'https://unknown.example' }, 'invalid_target'],
    ['offline_access', { scope: 'read offline_access' }, 'invalid_scope'],
  ])('refuses %s', async (_what, more, error) => {
    const answer = await ask(more)
    expect([answer.status, answer.body.error]).toEqual([400, error])
  })

  it('refuses clients that are not registered for it, and public ones', async () => {
    const unregistered = await server.token({
      grant_type: 'client_credentials',
      client_id: 'backend',
      client_secret: CLIENT_SECRET,
    })
    expect(unregistered.body.error).toBe('unauthorized_client')
    const anyone = await server.token({ grant_type: 'client_credentials', client_id: 'app' })
    expect(anyone.body.error).toBe('unauthorized_client')
  })
})
