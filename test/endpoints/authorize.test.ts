import request from 'supertest'
import { clientResponse } from '../helpers/browser.ts'
import { nativeClient, publicClient } from '../helpers/fixtures.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

describe('refusals of the authorize endpoint', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await testServer({
      clients: [
        publicClient,
        nativeClient,
        {
          ...publicClient,
          client_id: 'desk',
          redirect_uris: ['http://localhost/callback', 'cursor://anysphere.cursor/cb'],
        },
      ],
    })
  })
  afterAll(() => server.close())

  const get = (query: string) => request(server.app).get(`/oauth/authorize?${query}`)
  const expectPage = (answer: request.Response, status: number) => {
    expect(answer.status).toBe(status)
    expect(answer.headers['content-type']).toMatch(/^text\/html/)
    expect(answer.headers.location).toBeUndefined()
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(answer.text).toContain(answer.headers['latchkey-error-id'])
  }

  describe('before the target is known: a page, never a redirect (RFC 6749 §4.1.2.1)', () => {
    it.each([
      ['no client_id', { client_id: undefined }, 'client_id'],
      ['an unknown client', { client_id: '<b>nobody</b>' }, '&lt;b&gt;nobody'],
      [
        'an unregistered redirect_uri',
        { redirect_uri: 'https://app.example/callback/' },
        'https://app.example/callback',
      ],
      ['another case of it', { redirect_uri: 'https://app.example/Callback' }, 'character 21'],
      ['an attacker’s host', { redirect_uri: 'https://evil.example/callback' }, 'https://evil.example/callback'],
      ['a script', { redirect_uri: 'javascript:alert(1)//https://app.example/callback' }, 'javascript:alert(1)'],
      ['a user name in it', { redirect_uri: 'https://app.example@evil.example/callback' }, '@evil.example'],
      ['a fragment on it', { redirect_uri: 'https://app.example/callback#x' }, 'First difference'],
      ['a query on it', { redirect_uri: 'https://app.example/callback?x=1' }, 'First difference'],
    ])('%s', async (_what, overrides, shown) => {
      const answer = await get(server.request(overrides).query())
      expectPage(answer, 400)
      expect(answer.text).toContain(shown)
    })

    it('a repeated parameter, whichever of the two were right (CVE-2026-9689)', async () => {
      const answer = await get(`${server.request().query()}&redirect_uri=https%3A%2F%2Fevil.example`)
      expectPage(answer, 400)
      expect(answer.text).toContain('redirect_uri is given more than once')
    })

    it.each([
      ['broken percent-encoding', 'client_id=%zz'],
      ['a lonely percent sign', 'client_id=app%'],
      ['bytes that are not UTF-8', 'client_id=%ff%fe'],
      ['a NUL byte', 'client_id=app%00'],
      ['hundreds of parameters', Array.from({ length: 300 }, (_, index) => `p${index}=1`).join('&')],
    ])('%s', async (_what, query) => expectPage(await get(query), 400))

    it('__proto__, constructor and toString are just names', async () => {
      const answer = await get(`${server.request().query()}&__proto__=1&constructor=2&toString=3`)
      expect(answer.status).toBe(302)
    })
  })

  describe('after it: by redirect, with state and iss', () => {
    it.each([
      ['no response_type', { response_type: undefined }, 'invalid_request'],
      ['the implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
      ['a hybrid flow', { response_type: 'code id_token' }, 'unsupported_response_type'],
      ['a scope that is not the client’s', { scope: 'read admin' }, 'invalid_scope'],
      ['a response mode we do not have', { response_mode: 'fragment' }, 'invalid_request'],
      ['a request object', { request: 'eyJ' }, 'request_not_supported'],
      ['a request_uri, which nobody fetches', { request_uri: 'http://169.254.169.254/' }, 'request_uri_not_supported'],
      ['no code_challenge', { code_challenge: undefined }, 'invalid_request'],
      ['an empty code_challenge', { code_challenge: '' }, 'invalid_request'],
      ['a state beyond 2 KB', { state: 'x'.repeat(2049) }, 'invalid_request'],
    ])('%s', async (_what, overrides, error) => {
      const wanted = server.request(overrides)
      const answer = clientResponse(await get(wanted.query()))
      expect(answer.location).toMatch(/^https:\/\/app\.example\/callback\?error=/)
      expect(answer).toMatchObject({ error, state: wanted.params.state, iss: 'http://localhost:3000' })
      expect(answer.error_description).toMatch(/^[\x20-\x7e]+$/)
    })

    it('carries no state where none was sent', async () => {
      const answer = clientResponse(await get(server.request({ state: undefined, scope: 'admin' }).query()))
      expect(new URL(answer.location).searchParams.has('state')).toBe(false)
    })
  })

  describe('redirect URIs of installed apps', () => {
    const begin = (client_id: string, redirect_uri: string) => get(server.request({ client_id, redirect_uri }).query())

    it.each([
      ['native', 'http://127.0.0.1:51234/callback'],
      ['native', 'com.example.native:/callback'],
      ['desk', 'http://localhost:8080/callback'],
      ['desk', 'cursor://anysphere.cursor/cb'],
    ])('%s may be sent to %s (RFC 8252 §7)', async (client, uri) => {
      expect((await begin(client, uri)).status).toBe(302)
    })

    it.each([
      ['native', 'http://127.0.0.1:51234/other'],
      ['native', 'http://127.0.0.1:51234/callback?x=1'],
      ['native', 'http://127.0.0.1:99999/callback'],
      ['native', 'http://127.0.0.1.evil.example:80/callback'],
      ['native', 'http://localhost:51234/callback'],
      ['native', 'https://127.0.0.1:51234/callback'],
      ['native', 'COM.example.native:/callback'],
      ['desk', 'cursor://anysphere.cursor/cb/'],
      ['desk', 'cursor://evil/cb'],
    ])('%s may not be sent to %s', async (client, uri) => {
      expect((await begin(client, uri)).status).toBe(400)
    })
  })

  it('takes the request as a form too (RFC 6749 §3.1)', async () => {
    const browser = server.browser()
    await browser.begin(server.request())
    const answer = await browser.post('/oauth/authorize', server.request().params)
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toMatch(/^\/interaction\//)
  })

  it.each(['/oauth/authorize', '/authorize'])(
    'sends a form that came to %s without cookies on as GET, so that another site can neither sign anyone out nor break a tab',
    async (path) => {
      const wanted = server.request({ state: 'a b&c=é' })
      const answer = await request(server.app).post(path).type('form').send(wanted.params)
      expect(answer.status).toBe(303)
      expect(answer.headers['set-cookie']).toBeUndefined()
      const location = new URL(answer.headers.location as string, 'http://localhost:3000')
      expect(location.pathname).toBe('/oauth/authorize')
      expect(Object.fromEntries(location.searchParams)).toEqual(wanted.params)
      const long = await request(server.app)
        .post(path)
        .type('form')
        .send({ ...wanted.params, x: 'y'.repeat(9000) })
      expect([long.status, long.headers.location]).toEqual([400, undefined])
    },
  )

  it.each(['HEAD', 'PUT', 'DELETE', 'OPTIONS'] as const)('answers %s with 405 and decides nothing', async (method) => {
    const lower = method.toLowerCase() as 'head' | 'put' | 'delete' | 'options'
    const answer = await request(server.app)[lower](`/oauth/authorize?${server.request().query()}`)
    expect(answer.status).toBe(405)
    expect(answer.headers.allow).toBe('GET, POST')
  })

  it.each(['/oauth/authorize/', '/OAUTH/authorize', '/oauth/authorize;x', '/oauth//authorize', '/oauth/%61uthorize'])(
    'is not found at %s (CVE-2026-0976)',
    async (path) => {
      expect((await request(server.app).get(`${path}?${server.request().query()}`)).status).toBe(404)
    },
  )

  it('has no CORS headers, whoever asks', async () => {
    const answer = await get(server.request().query()).set('Origin', 'https://app.example')
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })
})
