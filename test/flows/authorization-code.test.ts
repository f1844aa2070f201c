import { decodeJwt, decodeProtectedHeader } from 'jose'
import { alice, CLIENT_SECRET } from '../helpers/fixtures.ts'
import { type Form, readForm } from '../helpers/html.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'

onBothStores('the authorization code flow', (store) => {
  let server: TestServer
  beforeAll(async () => {
    server = await testServer({ store })
  })
  afterAll(() => server.close())

  it('leads from the request over sign-in and consent to tokens (RFC 6749 §4.1)', async () => {
    const request = server.request({ state: 'RANDOM_STATE' })
    const browser = server.browser()

    const signIn = await browser.begin(request)
    expect(signIn.status).toBe(200)
    expect(signIn.text).toContain('Example App')
    const consent = await browser.submit(signIn, { username: alice.username, password: alice.password })
    expect(consent.text).toContain('See your things')
    expect(consent.text).toContain('Alice Liddell')
    expect(consent.text).toContain('app.example')
    const end = await browser.submit(consent, { answer: 'allow' })

    expect(end.status).toBe(303)
    const location = new URL(end.headers.location as string)
    expect(location.origin + location.pathname).toBe('https://app.example/callback')
    expect([...location.searchParams.keys()].sort()).toEqual(['code', 'iss', 'state'])
    expect(location.searchParams.get('state')).toBe('RANDOM_STATE')
    expect(location.searchParams.get('iss')).toBe('http://localhost:3000')

    const answer = await server.token(request.redeem(location.searchParams.get('code') as string))
    expect(answer.status).toBe(200)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: expect.stringMatching(/^lkr_/),
      scope: 'read',
    })
  })

  it('gives access tokens of the JWT profile (RFC 9068 §2)', async () => {
    const request = server.request()
    const { body } = await server.token(request.redeem(await server.code(request)))

    expect(decodeProtectedHeader(body.access_token)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) })
    const now = Math.floor(server.clock.now() / 1000)
    expect(decodeJwt(body.access_token)).toEqual({
      iss: 'http://localhost:3000',
      sub: alice.sub,
      aud: 'http://localhost:3000',
      client_id: 'app',
      scope: 'read',
      iat: now,
      exp: now + 3600,
      jti: expect.any(String),
      auth_time: expect.any(Number),
    })
  })

  it('gives no refresh token to a client that may not refresh', async () => {
    const request = server.request({ client_id: 'brief', redirect_uri: 'https://brief.example/callback' })
    const { body } = await server.token(request.redeem(await server.code(request)))
    expect(body).not.toHaveProperty('refresh_token')
  })

  it('asks a signed-in person with a remembered consent nothing and goes straight back', async () => {
    const browser = server.browser()
    await browser.authorize(server.request(), { login: alice, consent: 'allow' })
    const again = await browser.get(`/oauth/authorize?${server.request().query()}`)
    expect(again.status).toBe(302)
    expect(again.headers.location).toMatch(/^https:\/\/app\.example\/callback\?code=lkc_/)
  })

  it('asks again for scopes that were not yet allowed, and remembers the sum', async () => {
    const browser = server.browser()
    await browser.authorize(server.request({ client_id: 'brief', redirect_uri: undefined }), {
      login: alice,
      consent: 'allow',
    })
    const more = await browser.begin(
      server.request({ client_id: 'brief', redirect_uri: undefined, scope: 'read write' }),
    )
    expect(more.text).toContain('Change your things')
    await browser.submit(more, { answer: 'allow' })
    const both = await browser.begin(
      server.request({ client_id: 'brief', redirect_uri: undefined, scope: 'write read' }),
    )
    expect(both.headers.location).toContain('code=')
  })

  it('sends a denial to the client as access_denied with state and iss (RFC 6749 §4.1.2.1)', async () => {
    const request = server.request({ scope: 'write' })
    const denied = await server.browser().authorize(request, { login: alice, consent: 'deny' })
    expect(denied).toMatchObject({ error: 'access_denied', state: request.state, iss: 'http://localhost:3000' })
    expect(denied.code).toBeUndefined()
  })

  it('lets a person cancel instead of signing in', async () => {
    const browser = server.browser()
    const page = await browser.begin(server.request())
    const form = { csrf: /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] as string, step: 'cancel' }
    const action = /action="([^"]+)"/.exec(page.text)?.[1] as string
    const end = await browser.post(action, form)
    expect(end.status).toBe(303)
    expect(end.headers.location).toContain('error=access_denied')
  })

  it('begins one session for a sign-in that is posted twice', async () => {
    const browser = server.browser()
    const begun = await browser.get(`/oauth/authorize?${server.request().query()}`)
    const cookie = /^[^;]+/.exec(String(begun.headers['set-cookie']))?.[0] as string
    const page = await browser.get(String(begun.headers.location))
    const { action, hidden } = readForm(page.text, ['password']) as Form
    const { username, password } = alice
    // The second click leaves the browser before it has the answer to the first: with the cookies of before.
    const click = () => server.browser().post(action, { ...hidden, username, password }, { cookie })
    const [first, second] = [await click(), await click()]
    const sessionOf = ({ headers }: typeof first) => /latchkey_session=([^;]+)/.exec(String(headers['set-cookie']))?.[1]
    expect(sessionOf(first)).toMatch(/^[\w-]{44}\.[\w-]{43}$/)
    expect(sessionOf(second)).toBe(sessionOf(first))
  })

  it('gives the same code to a consent that is posted twice', async () => {
    const browser = server.browser()
    const signIn = await browser.begin(server.request({ scope: 'write' }))
    const consent = await browser.submit(signIn, { username: alice.username, password: alice.password })
    const [first, second] = await Promise.all([
      browser.submit(consent, { answer: 'allow' }),
      browser.submit(consent, { answer: 'allow' }),
    ])
    expect(first.headers.location).toContain('code=')
    expect(second.headers.location).toBe(first.headers.location)
  })

  it('takes the secret of a confidential client in the header or in the form, and wants PKCE of it too', async () => {
    const wanted = { client_id: 'backend', redirect_uri: 'https://backend.example/callback' }
    const one = server.request(wanted)
    const byForm = await server.token(one.redeem(await server.code(one), { client_secret: CLIENT_SECRET }))
    expect(byForm.status).toBe(200)

    const two = server.request(wanted)
    const basic = `Basic ${Buffer.from(`backend:${CLIENT_SECRET}`).toString('base64')}`
    const form = two.redeem(await server.code(two), { client_id: undefined })
    const byHeader = await server.token(form, { authorization: basic })
    expect(byHeader.status).toBe(200)

    const bare = await server.browser().begin(server.request({ ...wanted, code_challenge: undefined }))
    expect(bare.headers.location).toContain('error=invalid_request')
  })

  it('lets the redirect_uri be left out where the client has one only, and at the token endpoint', async () => {
    const request = server.request({ redirect_uri: undefined })
    const answer = await server.token(request.redeem(await server.code(request)))
    expect(answer.status).toBe(200)
    const several = await server.browser().begin(server.request({ client_id: 'native', redirect_uri: undefined }))
    expect(several.status).toBe(400)
    expect(several.text).toContain('redirect_uri')
  })

  it('keeps the state byte for byte, whatever it holds (RFC 6749 §4.1.2)', async () => {
    const state = `=&+ %/#é"'<>${'x'.repeat(1900)}`
    const answer = await server.browser().authorize(server.request({ state }), { login: alice, consent: 'allow' })
    expect(answer.state).toBe(state)
  })
})
