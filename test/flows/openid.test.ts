import { createHash } from 'node:crypto'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import request from 'supertest'
import { clientResponse } from '../helpers/browser.ts'
import { alice, bob, CLIENT_SECRET, publicClient } from '../helpers/fixtures.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'

const ISSUER = 'http://localhost:3000'
const person = {
  ...alice,
  given_name: 'Alice',
  family_name: 'Liddell',
  email: 'alice@example.com',
  email_verified: true,
  phone_number: '+44 1865 276150',
  address: { locality: 'Oxford' },
  roles: ['queen'],
}
const openid = { ...publicClient, scope: 'openid profile email address phone read' }
const clients = [
  openid,
  { ...openid, client_id: 'rsa', id_token_signed_response_alg: 'RS256', userinfo_signed_response_alg: 'ES256' },
  { ...openid, client_id: 'narrow', scope: 'openid email profile' },
  { ...openid, client_id: 'pair-one', subject_type: 'pairwise' },
  {
    ...openid,
    client_id: 'pair-backend',
    subject_type: 'pairwise',
    token_endpoint_auth_method: 'client_secret_basic',
    client_secret: CLIENT_SECRET,
  },
  { ...openid, client_id: 'pair-two', subject_type: 'pairwise' },
  { ...openid, client_id: 'pair-far', subject_type: 'pairwise', redirect_uris: ['https://far.example/callback'] },
]

onBothStores('OpenID Connect', (store) => {
  let server: TestServer
  beforeEach(async () => {
    server = await testServer({ store, clients, users: [person, bob] })
  })
  afterEach(() => server.close())

  const ask = (overrides: Record<string, string | undefined> = {}) =>
    server.request({ scope: 'openid', nonce: 'a-nonce', ...overrides })
  const tokensFor = async (overrides: Record<string, string | undefined> = {}) => {
    const wanted = ask(overrides)
    return (await server.token(wanted.redeem(await server.code(wanted)))).body
  }
  const userinfo = (token: string) => request(server.app).get('/oauth/userinfo').set('Authorization', `Bearer ${token}`)

  it('gives an ID token at redemption (Core §3.1.3.3, §2)', async () => {
    const tokens = await tokensFor()
    const keys = createLocalJWKSet(server.deps.keys.publicJwks())
    const { payload, protectedHeader } = await jwtVerify(tokens.id_token, keys, {
      issuer: ISSUER,
      audience: 'app',
      currentDate: new Date(server.clock.now()),
    })
    expect(protectedHeader.alg).toBe('ES256')
    expect(payload).toEqual({
      iss: ISSUER,
      sub: alice.sub,
      aud: 'app',
      iat: expect.any(Number),
      exp: expect.any(Number),
      auth_time: expect.any(Number),
      amr: ['pwd'],
      acr: '1',
      sid: expect.any(String),
      nonce: 'a-nonce',
      at_hash: createHash('sha256').update(tokens.access_token).digest().subarray(0, 16).toString('base64url'),
    })
  })

  it('gives another one at refresh, without the nonce and with the same auth_time (Core §12.2)', async () => {
    const first = await tokensFor()
    server.clock.advance({ seconds: 100 })
    const form = { grant_type: 'refresh_token', client_id: 'app', refresh_token: first.refresh_token }
    const second = (await server.token(form)).body
    const [one, two] = [decodeJwt(first.id_token), decodeJwt(second.id_token)]
    expect(two).not.toHaveProperty('nonce')
    expect([two.sub, two.auth_time, two.sid]).toEqual([one.sub, one.auth_time, one.sid])
    expect(two.iat).toBeGreaterThan(one.iat as number)
  })

  it('gives none without the scope openid, whatever else is asked', async () => {
    expect(await tokensFor({ scope: 'read' })).not.toHaveProperty('id_token')
  })

  it('tells the claims of the scopes at the userinfo endpoint, by GET and by POST (Core §5.3, §5.4)', async () => {
    const { access_token } = await tokensFor({ scope: 'openid profile email' })
    const answer = await userinfo(access_token)
    expect(answer.body).toEqual({
      sub: alice.sub,
      name: 'Alice Liddell',
      given_name: 'Alice',
      family_name: 'Liddell',
      email: 'alice@example.com',
      email_verified: true,
    })
    const posted = await request(server.app).post('/oauth/userinfo').type('form').send({ access_token })
    expect(posted.body).toEqual(answer.body)
    const all = await userinfo((await tokensFor({ scope: 'openid address phone' })).access_token)
    expect(all.body).toEqual({ sub: alice.sub, address: { locality: 'Oxford' }, phone_number: '+44 1865 276150' })
  })

  it('gives single claims where they are asked for (Core §5.5)', async () => {
    const claims = JSON.stringify({ id_token: { email: null }, userinfo: { given_name: { essential: true } } })
    const tokens = await tokensFor({ claims })
    expect(decodeJwt(tokens.id_token)).toMatchObject({ email: 'alice@example.com' })
    expect((await userinfo(tokens.access_token)).body).toEqual({ sub: alice.sub, given_name: 'Alice' })
  })

  it('shows single claims on the consent page as the scope they belong to, and gives none beyond the registration', async () => {
    const claims = JSON.stringify({ userinfo: { email: null, roles: null, phone_number: null } })
    const browser = server.browser()
    const wanted = ask({ client_id: 'narrow', claims })
    const signIn = await browser.begin(wanted)
    const consent = await browser.submit(signIn, { username: alice.username, password: alice.password })
    expect(consent.text).toContain('See your email address')
    expect(consent.text).not.toContain('phone')
    const { code } = clientResponse(await browser.submit(consent, { answer: 'allow' }))
    const { body } = await server.token(wanted.redeem(code as string))
    expect((await userinfo(body.access_token)).body).toEqual({ sub: alice.sub, email: 'alice@example.com' })
    const more = clientResponse(
      await browser.begin(
        ask({ client_id: 'narrow', prompt: 'none', claims: JSON.stringify({ id_token: { name: null } }) }),
      ),
    )
    expect(more.error).toBe('consent_required')
  })

  it('signs for each client as it asks: ID tokens by RS256, userinfo as a JWT (Core §5.3.2)', async () => {
    const tokens = await tokensFor({ client_id: 'rsa' })
    expect(decodeProtectedHeader(tokens.id_token).alg).toBe('RS256')
    expect(decodeProtectedHeader(tokens.access_token).alg).toBe('ES256')
    const answer = await userinfo(tokens.access_token)
    expect(answer.headers['content-type']).toMatch(/^application\/jwt/)
    expect(decodeJwt(answer.text)).toMatchObject({ iss: ISSUER, aud: 'rsa', sub: alice.sub })
  })

  it('knows a user by another subject in every sector, the same everywhere within it (Core §8)', async () => {
    const subjectOf = async (client_id: string, redirect_uri = 'https://app.example/callback') => {
      const tokens = await tokensFor({ client_id, redirect_uri })
      const told = (await userinfo(tokens.access_token)).body.sub
      expect([decodeJwt(tokens.id_token).sub, decodeJwt(tokens.access_token).sub]).toEqual([told, told])
      return told
    }
    const [one, two] = [await subjectOf('pair-one'), await subjectOf('pair-two')]
    const far = await subjectOf('pair-far', 'https://far.example/callback')
    expect(one).toBe(two)
    expect(new Set([alice.sub, one, far]).size).toBe(3)
  })

  it('names one session differently to clients of two sectors, which could else compare their users by it', async () => {
    const browser = server.browser()
    const sidFor = async (client_id: string, redirect_uri: string) => {
      const wanted = ask({ client_id, redirect_uri })
      const { code } = await browser.authorize(wanted, { login: alice, consent: 'allow' })
      return decodeJwt((await server.token(wanted.redeem(code as string))).body.id_token).sid
    }
    const near = await sidFor('pair-one', 'https://app.example/callback')
    const far = await sidFor('pair-far', 'https://far.example/callback')
    const known = await sidFor('app', 'https://app.example/callback')
    expect(new Set([near, far, known]).size).toBe(3)
  })

  it('tells whoever signs in as another than the hint names that the app asks for another account', async () => {
    const hint = (await tokensFor()).id_token
    const browser = server.browser()
    const page = await browser.begin(ask({ id_token_hint: hint }))
    const again = await browser.submit(page, { username: bob.username, password: bob.password })
    expect(again.text).toContain('another account')
    expect(
      clientResponse(await browser.submit(again, { username: alice.username, password: alice.password })).code,
    ).toBeDefined()
  })

  it('tells a pairwise client at introspection nothing that leads to the subject of others (Core §8.1)', async () => {
    const wanted = ask({ client_id: 'pair-backend' })
    const form = wanted.redeem(await server.code(wanted), { client_secret: CLIENT_SECRET })
    const tokens = (await server.token(form)).body
    const own = decodeJwt(tokens.id_token).sub
    for (const token of [tokens.access_token, tokens.refresh_token]) {
      const about = { token, client_id: 'pair-backend', client_secret: CLIENT_SECRET }
      const { body } = await request(server.app).post('/oauth/introspect').type('form').send(about)
      expect(body).toMatchObject({ active: true, sub: own })
      expect(JSON.stringify(body)).not.toContain('alice')
    }
  })

  it.each([
    ['no token', undefined, 401],
    ['a token that is none', 'Bearer x', 401],
    ['a code', 'Bearer lkc_x', 401],
  ])('refuses %s at the userinfo endpoint (RFC 6750 §3.1)', async (_what, authorization, status) => {
    const asked = request(server.app).get('/oauth/userinfo')
    const answer = await (authorization === undefined ? asked : asked.set('Authorization', authorization))
    expect(answer.status).toBe(status)
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/)
  })

  it('refuses an ID token, a token without openid and one that was revoked at the userinfo endpoint', async () => {
    const tokens = await tokensFor()
    expect((await userinfo(tokens.id_token)).status).toBe(401)
    const plain = await userinfo((await tokensFor({ scope: 'read' })).access_token)
    expect([plain.status, plain.body.error]).toEqual([403, 'insufficient_scope'])
    await request(server.app).post('/oauth/revoke').type('form').send({ token: tokens.refresh_token, client_id: 'app' })
    expect((await userinfo(tokens.access_token)).status).toBe(401)
  })

  it('tells the same document under both names, with what OpenID Connect Discovery §3 asks for', async () => {
    const [oauth, oidc] = await Promise.all(
      ['oauth-authorization-server', 'openid-configuration'].map((name) =>
        request(server.app).get(`/.well-known/${name}`),
      ),
    )
    expect(oidc?.body).toEqual(oauth?.body)
    expect(oidc?.body).toMatchObject({
      issuer: ISSUER,
      userinfo_endpoint: `${ISSUER}/oauth/userinfo`,
      subject_types_supported: ['public', 'pairwise'],
      id_token_signing_alg_values_supported: ['ES256', 'RS256'],
      scopes_supported: expect.arrayContaining(['openid', 'profile', 'email', 'offline_access']),
    })
  })

  it.each([
    ['prompt none with another', { prompt: 'none login' }],
    ['a max_age that is no number', { max_age: '-1' }],
    ['claims that are no JSON', { claims: '{' }],
    ['claims that are no object', { claims: '[]' }],
    ['claims whose member is no object', { claims: '{"id_token":"email"}' }],
    ['huge claims', { claims: JSON.stringify({ id_token: { x: 'y'.repeat(5000) } }) }],
    ['an id_token_hint of a stranger', { id_token_hint: 'eyJhbGciOiJub25lIn0.e30.' }],
    ['a response mode nobody registered', { response_mode: 'fragment' }],
  ])('refuses %s by redirect', async (_what, more) => {
    const answer = clientResponse(await server.browser().begin(ask(more)))
    expect(answer).toMatchObject({ error: 'invalid_request', iss: ISSUER })
  })

  it.each([
    [{ essential: true, value: '9' }, 'unmet_authentication_requirements'],
    [{ essential: true, values: ['2', '3'] }, 'unmet_authentication_requirements'],
    [{ essential: true, values: '1' }, 'unmet_authentication_requirements'],
    [{ essential: true, values: ['2', '1'] }, undefined],
    [{ essential: true }, undefined],
    [{ value: '9' }, undefined],
    [null, undefined],
  ])('an acr asked for as %j is met or the request fails (Core §5.5.1.1)', async (acr, error) => {
    const browser = server.browser()
    await browser.authorize(ask(), { login: alice, consent: 'allow' })
    const answer = clientResponse(await browser.begin(ask({ claims: JSON.stringify({ id_token: { acr } }) })))
    expect(answer.error).toBe(error)
    expect(answer.code === undefined).toBe(error !== undefined)
  })

  it('takes nobody but the user whose sub the claims parameter names (Core §5.5.1)', async () => {
    const browser = server.browser()
    await browser.authorize(ask(), { login: alice, consent: 'allow' })
    const of = (value: string) => ask({ prompt: 'none', claims: JSON.stringify({ id_token: { sub: { value } } }) })
    expect(clientResponse(await browser.begin(of(alice.sub))).code).toBeDefined()
    expect(clientResponse(await browser.begin(of(bob.sub))).error).toBe('login_required')
  })

  it('takes display, ui_locales and acr_values without complaint (Core §3.1.2.1)', async () => {
    const wanted = ask({ display: 'popup', ui_locales: 'de_DE <b> xx', acr_values: '9 1', claims_locales: 'fr' })
    expect((await server.browser().begin(wanted)).text).toContain('name="password"')
  })

  it('response_mode form_post: a page whose form carries the answer (Form Post Response Mode §2)', async () => {
    const browser = server.browser()
    await browser.authorize(ask(), { login: alice, consent: 'allow' })
    const wanted = ask({ response_mode: 'form_post' })
    const page = await browser.begin(wanted)
    expect(page.status).toBe(200)
    expect(page.headers['cache-control']).toBe('no-store')
    expect(page.text).toContain('action="https://app.example/callback"')
    const fields = Object.fromEntries(
      [...page.text.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, n, v]) => [n, v]),
    )
    expect(fields).toMatchObject({ state: wanted.state, iss: ISSUER })
    expect((await server.token(wanted.redeem(fields.code as string))).status).toBe(200)
    const error = await browser.begin(ask({ response_mode: 'form_post', prompt: 'none', scope: 'openid phone' }))
    expect(error.text).toContain('value="consent_required"')
  })
})
