import request from 'supertest'
import { clientResponse } from '../helpers/browser.ts'
import { confidentialClient, nativeClient, publicClient } from '../helpers/fixtures.ts'
import { basic, push, pushed } from '../helpers/push.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

const clients = [
  publicClient,
  confidentialClient,
  nativeClient,
  { ...publicClient, client_id: 'careful', require_pushed_authorization_requests: true },
  {
    ...confidentialClient,
    client_id: 'machine',
    redirect_uris: ['https://m.example/'],
    grant_types: ['client_credentials'],
  },
  { ...publicClient, client_id: 'two', redirect_uris: ['https://two.example/a', 'https://two.example/b'] },
]

describe('the pushed authorization request endpoint', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await testServer({ clients })
  })
  afterAll(() => server.close())

  it('answers 201 with a reference, how long it is good for, and no-store (RFC 9126 §2.2)', async () => {
    const answer = await push(server, server.request().params)
    expect(answer.status).toBe(201)
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.body).toEqual({
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w.-]{60,}$/),
      expires_in: 60,
    })
  })

  it('gives every push a reference of its own', async () => {
    const { params } = server.request()
    const answers = await Promise.all([1, 2, 3].map(() => push(server, params)))
    expect(new Set(answers.map(({ body }) => body.request_uri)).size).toBe(3)
  })

  it('writes an audit event that leads to the authorization, and not the reference', async () => {
    const { body } = await push(server, server.request().params)
    const event = server.events().findLast(({ audit }) => audit === 'request.pushed')
    expect(event).toMatchObject({ client_id: 'app', scope: ['read'], authorization_id: expect.any(String) })
    expect(body.request_uri).toContain(event?.authorization_id)
    expect(server.logText()).not.toContain(body.request_uri.split('.')[1])
  })

  describe('authenticates the client as the token endpoint does (§2)', () => {
    const backend = { client_id: 'backend', redirect_uri: 'https://backend.example/callback' }

    it.each([
      ['with', backend],
      ['without', { ...backend, client_id: undefined }],
    ])('by a header, %s a client_id beside it', async (_what, overrides) => {
      expect((await push(server, server.request(overrides).params, basic('backend'))).status).toBe(201)
    })

    it.each([
      ['no proof of a client that has a secret', backend, {}, 401, 'invalid_client'],
      ['a wrong secret', { ...backend, client_secret: 'x'.repeat(40) }, {}, 401, 'invalid_client'],
      ['a client nobody knows', { client_id: 'nobody' }, {}, 401, 'invalid_client'],
      ['no client at all', { client_id: undefined }, {}, 400, 'invalid_request'],
      ['one client in the header and another in the form', {}, basic('backend'), 400, 'invalid_request'],
    ])('%s is refused', async (_what, overrides, headers, status, error) => {
      const answer = await push(server, server.request(overrides).params, headers)
      expect([answer.status, answer.body.error]).toEqual([status, error])
      expect(answer.headers['cache-control']).toBe('no-store')
    })
  })

  describe('checks what the authorization endpoint checks, and tells it as JSON (§2.3)', () => {
    it.each([
      ['an unregistered redirect_uri', { redirect_uri: 'https://evil.example/callback' }, 'invalid_request'],
      ['a redirect_uri in another case', { redirect_uri: 'https://app.example/Callback' }, 'invalid_request'],
      ['no redirect_uri where two are registered', { client_id: 'two', redirect_uri: undefined }, 'invalid_request'],
      ['no response_type', { response_type: undefined }, 'invalid_request'],
      ['the implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
      ['a scope that is not the client’s', { scope: 'read admin' }, 'invalid_scope'],
      ['a resource nobody knows', { resource: 'https://unknown.example' }, 'invalid_target'],
      ['no code_challenge', { code_challenge: undefined }, 'invalid_request'],
      ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
      ['a state beyond 2 KB', { state: 'x'.repeat(2049) }, 'invalid_request'],
      ['a response mode we do not have', { response_mode: 'fragment' }, 'invalid_request'],
      ['a request object', { request: 'eyJ' }, 'request_not_supported'],
      ['a request_uri to fetch (§2.1)', { request_uri: 'https://app.example/request.jwt' }, 'invalid_request'],
    ])('%s', async (_what, overrides, error) => {
      const answer = await push(server, server.request(overrides).params)
      expect([answer.status, answer.body.error]).toEqual([400, error])
      expect(answer.body.error_description).toMatch(/^[\x20-\x7e]+$/)
      expect(answer.headers.location).toBeUndefined()
      expect(answer.headers['latchkey-error-id']).toBeDefined()
    })

    it('a reference that it gave itself (§2.1)', async () => {
      const { requestUri } = await pushed(server, server.request())
      const answer = await push(server, { ...server.request().params, request_uri: requestUri })
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request'])
    })

    it('a client that may not use codes', async () => {
      const wanted = server.request({ client_id: 'machine', redirect_uri: 'https://m.example/' })
      const answer = await push(server, wanted.params, basic('machine'))
      expect([answer.status, answer.body.error]).toEqual([400, 'unauthorized_client'])
    })

    it('a parameter that comes twice (CVE-2026-9689)', async () => {
      const body = `${server.request().query()}&scope=write`
      const answer = await request(server.app).post('/oauth/par').type('form').send(body)
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request'])
    })

    it('another content type, a query, and a body that is too large', async () => {
      const { params, query } = server.request()
      const post = () => request(server.app).post('/oauth/par')
      expect((await post().send(params)).status).toBe(400)
      expect((await request(server.app).post(`/oauth/par?${query()}`)).body.error).toBe('invalid_request')
      expect(
        (
          await post()
            .type('form')
            .send({ ...params, x: 'x'.repeat(70_000) })
        ).status,
      ).toBe(413)
    })
  })

  it.each(['get', 'head', 'put', 'delete'] as const)('answers %s with 405 (§2.3)', async (method) => {
    const answer = await request(server.app)[method](`/oauth/par?${server.request().query()}`)
    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST'])
  })

  it('may be read by the pages of clients, its refusals too', async () => {
    for (const params of [server.request().params, {}]) {
      const answer = await push(server, params, { origin: 'https://app.example' })
      expect(answer.headers['access-control-allow-origin']).toBe('https://app.example')
    }
    const stranger = await push(server, server.request().params, { origin: 'https://evil.example' })
    expect(stranger.headers['access-control-allow-origin']).toBeUndefined()
  })

  describe('where requests must be pushed (§5, §6)', () => {
    it('one client’s that are not go back to it as errors, with state and iss', async () => {
      const wanted = server.request({ client_id: 'careful' })
      const answer = clientResponse(await server.browser().begin(wanted))
      expect(answer).toMatchObject({ error: 'invalid_request', state: wanted.state, iss: 'http://localhost:3000' })
      expect(answer.error_description).toContain('request_uri')
      expect((await server.browser().begin(await pushed(server, wanted))).text).toContain('name="password"')
      expect((await server.browser().begin(server.request())).text).toContain('name="password"')
    })

    it('every client’s, and the metadata say so', async () => {
      const strict = await testServer({ env: { REQUIRE_PUSHED_AUTHORIZATION_REQUESTS: 'true' } })
      const metadata = await request(strict.app).get('/.well-known/oauth-authorization-server')
      expect(metadata.body.require_pushed_authorization_requests).toBe(true)
      expect(metadata.body.pushed_authorization_request_endpoint).toBe('http://localhost:3000/oauth/par')
      expect(clientResponse(await strict.browser().begin(strict.request())).error).toBe('invalid_request')
      expect((await strict.browser().begin(await pushed(strict, strict.request()))).status).toBe(200)
      await strict.close()
    })
  })
})
