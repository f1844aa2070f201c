import { createLocalJWKSet, jwtVerify } from 'jose'
import request from 'supertest'
import { type TestServer, testServer } from '../helpers/server.ts'

describe('documents', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await testServer()
  })
  afterAll(() => server.close())

  it('the metadata tell what works and nothing else, from ISSUER alone (RFC 8414 §2)', async () => {
    const answer = await request(server.app)
      .get('/.well-known/oauth-authorization-server')
      .set({ Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' })
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    expect(answer.headers['access-control-allow-origin']).toBe('*')
    const proven = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'client_secret_jwt']
    const algorithms = ['ES256', 'EdDSA', 'Ed25519', 'RS256', 'PS256', 'HS256']
    const issuer = 'http://localhost:3000'
    const atEndpoint = (name: string, path: string, methods: readonly string[]) => ({
      [name]: `${issuer}${path}`,
      [`${name}_auth_methods_supported`]: methods,
      [`${name}_auth_signing_alg_values_supported`]: algorithms,
    })
    const anyone = ['none', ...proven]
    expect(answer.body).toEqual({
      issuer,
      authorization_endpoint: `${issuer}/oauth/authorize`,
      ...atEndpoint('token_endpoint', '/oauth/token', anyone),
      ...atEndpoint('introspection_endpoint', '/oauth/introspect', proven),
      ...atEndpoint('revocation_endpoint', '/oauth/revoke', anyone),
      pushed_authorization_request_endpoint: `${issuer}/oauth/par`,
      require_pushed_authorization_requests: false,
      userinfo_endpoint: `${issuer}/oauth/userinfo`,
      end_session_endpoint: `${issuer}/oauth/logout`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      response_types_supported: ['code'],
      response_modes_supported: ['query', 'form_post'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      scopes_supported: ['openid', 'profile', 'email', 'address', 'phone', 'read', 'write', 'offline_access'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      dpop_signing_alg_values_supported: ['ES256', 'EdDSA', 'Ed25519', 'RS256', 'PS256'],
      subject_types_supported: ['public', 'pairwise'],
      id_token_signing_alg_values_supported: ['ES256', 'RS256'],
      userinfo_signing_alg_values_supported: ['ES256', 'RS256'],
      claim_types_supported: ['normal'],
      claims_supported: expect.arrayContaining(['sub', 'auth_time', 'nonce', 'name', 'email', 'address']),
      claims_parameter_supported: true,
      prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
      ui_locales_supported: ['ar', 'de', 'en', 'es', 'fr', 'ja'],
      request_parameter_supported: false,
      request_uri_parameter_supported: false,
    })
  })

  it('the JWKS has public members only, and verifies our tokens (RFC 7517 §4)', async () => {
    const { body, headers } = await request(server.app).get('/.well-known/jwks.json')
    expect(headers['access-control-allow-origin']).toBe('*')
    expect(body.keys.map((key: object) => Object.keys(key).sort())).toEqual([
      ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
      ['alg', 'e', 'kid', 'kty', 'n', 'use'],
    ])

    const wanted = server.request()
    const tokens = await server.token(wanted.redeem(await server.code(wanted)))
    const { payload } = await jwtVerify(tokens.body.access_token, createLocalJWKSet(body), {
      issuer: 'http://localhost:3000',
      audience: 'http://localhost:3000',
      typ: 'at+jwt',
    })
    expect(payload.client_id).toBe('app')
  })

  describe.each(['/.well-known/oauth-authorization-server', '/.well-known/jwks.json'])('%s', (path) => {
    const get = (given?: string) => {
      const asked = request(server.app).get(path)
      return given === undefined ? asked : asked.set('If-None-Match', given)
    }

    it('has a strong entity tag, and may be kept for five minutes', async () => {
      const { headers, text } = await get()
      expect(headers.etag).toMatch(/^"[A-Za-z0-9_-]{43}"$/)
      expect(headers['cache-control']).toBe('public, max-age=300')
      expect(headers['content-length']).toBe(`${Buffer.byteLength(text)}`)
      expect((await get()).headers.etag).toBe(headers.etag)
    })

    it.each([
      ['the tag itself', (tag: string) => tag],
      ['a weak one of it, as a compressing proxy makes', (tag: string) => `W/${tag}`],
      ['it in a list', (tag: string) => `"another", W/${tag} , "a third"`],
      ['whatever there is', () => '*'],
    ])('answers 304 to who has %s (RFC 9110 §13.1.2)', async (_what, given) => {
      const { etag = '' } = (await get()).headers
      const answer = await get(given(etag))
      expect(answer.status).toBe(304)
      expect(answer.text).toBe('')
      expect(answer.headers).toMatchObject({ etag, 'cache-control': 'public, max-age=300' })
      expect(answer.headers['content-type']).toBeUndefined()
    })

    it.each(['"another"', '""', 'W/', ''])('answers in full to who has %j', async (given) => {
      expect((await get(given)).status).toBe(200)
    })

    it('answers HEAD with the same header fields and no body', async () => {
      const [full, head] = [await get(), await request(server.app).head(path)]
      expect(head.headers).toMatchObject({ etag: full.headers.etag, 'content-length': full.headers['content-length'] })
      expect(head.text ?? '').toBe('')
    })
  })

  it('an issuer with a path works at every address, the metadata at both of theirs (RFC 8414 §3.1)', async () => {
    const issuer = 'http://localhost:3000/tenant/eu'
    const tenant = await testServer({ env: { ISSUER: issuer } })
    const inserted = await request(tenant.app).get('/.well-known/oauth-authorization-server/tenant/eu')
    const below = await request(tenant.app).get('/tenant/eu/.well-known/oauth-authorization-server')
    expect(inserted.body).toMatchObject({ issuer, token_endpoint: `${issuer}/oauth/token` })
    expect(below.body).toEqual(inserted.body)
    expect((await request(tenant.app).get('/.well-known/oauth-authorization-server')).status).toBe(404)
    expect((await request(tenant.app).get('/tenant/eu/assets/latchkey.css')).status).toBe(200)
    expect((await request(tenant.app).get('/healthz')).status).toBe(200)
    await tenant.close()
  })

  it.each(['/healthz', '/readyz'])('%s answers 200', async (path) => {
    expect((await request(server.app).get(path)).status).toBe(200)
  })

  it.each([
    ['a program', 'application/json', /^application\/json/],
    ['a person', 'text/html,application/xhtml+xml,*/*;q=0.8', /^text\/html/],
  ])('an unknown address tells %s so in their own way', async (_who, accept, type) => {
    const answer = await request(server.app).get('/nothing/here').set('Accept', accept)
    expect(answer.status).toBe(404)
    expect(answer.headers['content-type']).toMatch(type)
  })

  it.each(['/interaction/%ff', '/interaction/%', '/%', '/interaction/../../etc/passwd'])(
    '%s is no 500',
    async (path) => {
      expect((await request(server.app).get(path)).status).toBeLessThan(500)
    },
  )
})
