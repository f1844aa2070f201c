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
