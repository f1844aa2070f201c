import request from 'supertest'
import { readCode } from '../../src/oauth/handles.ts'
import { alice, bob, publicClient } from '../helpers/fixtures.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'
import { BYE, hintFor, isSignedIn, logoutAddress, openIdClient, signInBy, stands } from '../helpers/sign-out.ts'

const CLIENT = { client_id: 'signer' }
const BACK = { ...CLIENT, post_logout_redirect_uri: BYE, state: 'a state with spaces & é' }
const BACK_THERE = `${BYE}?state=a%20state%20with%20spaces%20%26%20%C3%A9`

onBothStores('signing out', (store) => {
  let server: TestServer
  const pairwise = { ...openIdClient, client_id: 'pairwise', subject_type: 'pairwise' }
  beforeEach(async () => {
    server = await testServer({ store, clients: [openIdClient, publicClient, pairwise] })
  })
  afterEach(() => server.close())

  it('asks the person, ends the session, and goes back with the state (RP-Initiated Logout §2, §3)', async () => {
    const { browser } = await signInBy(server)
    const page = await browser.get(logoutAddress(BACK))
    expect(page.status).toBe(200)
    expect(page.headers['cache-control']).toBe('no-store')
    expect(page.text).toContain('Signing App')
    expect(page.text).toContain('Alice Liddell')
    expect(page.text).toContain('signer.example')
    expect(await isSignedIn(server, browser)).toBe(true)

    const left = await browser.submit(page, { answer: 'sign-out' })
    expect(left.status).toBe(303)
    expect(left.headers.location).toBe(BACK_THERE)
    expect(String(left.headers['set-cookie'])).toMatch(
      /^latchkey_session=; Max-Age=0; Path=\/; HttpOnly; SameSite=Lax$/,
    )
    expect(await isSignedIn(server, browser)).toBe(false)
    expect(server.events()).toContainEqual(
      expect.objectContaining({ audit: 'session.ended', subject: alice.sub, client_id: 'signer', ended: 1 }),
    )
  })

  it('is done at once for an ID token of this very session', async () => {
    const { browser, sid } = await signInBy(server)
    const left = await browser.get(logoutAddress({ ...BACK, id_token_hint: await hintFor(server, sid) }))
    expect(left.status).toBe(302)
    expect(left.headers.location).toBe(BACK_THERE)
    expect(await isSignedIn(server, browser)).toBe(false)
  })

  it('takes the ID token that came from the token endpoint, with no client_id beside it, expired as it may be', async () => {
    const { browser, tokens } = await signInBy(server)
    server.clock.advance({ seconds: 2 * 3600 })
    const { client_id, ...rest } = BACK
    const left = await browser.get(logoutAddress({ ...rest, id_token_hint: tokens.id_token as string }))
    expect(left.headers.location).toBe(BACK_THERE)
    expect(await isSignedIn(server, browser)).toBe(false)
  })

  it('takes the request by POST, too', async () => {
    const { browser, sid } = await signInBy(server)
    const left = await browser.post('/oauth/logout', { ...BACK, id_token_hint: await hintFor(server, sid) })
    expect(left.status).toBe(303)
    expect(left.headers.location).toBe(BACK_THERE)
    expect(await isSignedIn(server, browser)).toBe(false)
  })

  it('leads a form that came without cookies on to where they are sent, and loses nothing on the way', async () => {
    const { browser, sid } = await signInBy(server)
    const id_token_hint = await hintFor(server, sid)
    // Another site's form comes without Lax cookies; here a browser that has none stands for it.
    const posted = await server.browser().post('/oauth/logout', { ...BACK, id_token_hint })
    expect(posted.status).toBe(303)
    expect(posted.headers.location).toMatch(/^\/oauth\/logout\?/)
    const left = await browser.get(posted.headers.location as string)
    expect(left.headers.location).toBe(BACK_THERE)
    expect(await isSignedIn(server, browser)).toBe(false)
  })

  it('knows users by the subject that a pairwise client knows', async () => {
    const { browser, sid, tokens } = await signInBy(server, { client: pairwise })
    expect(tokens.id_token).toBeDefined()
    const wrong = await hintFor(server, sid, { aud: 'pairwise' })
    expect((await browser.get(logoutAddress({ id_token_hint: wrong }))).text).toContain('name="answer"')
    const left = await browser.get(logoutAddress({ id_token_hint: tokens.id_token as string }))
    expect(left.text).toContain('You are signed out')
  })

  it('goes straight back, or to the done page, where nobody is signed in', async () => {
    const browser = server.browser()
    expect((await browser.get(logoutAddress(BACK))).headers.location).toBe(BACK_THERE)
    const done = await browser.get('/oauth/logout')
    expect(done.status).toBe(200)
    expect(done.text).toContain('You are signed out')
    expect(done.headers['set-cookie']).toBeUndefined()
    expect(server.events()).toEqual([])
  })

  it('ends on the done page where no address to go back to is given, with a link to a client that is known', async () => {
    const { browser } = await signInBy(server)
    const done = await browser.submit(await browser.get('/oauth/logout'), { answer: 'sign-out' })
    expect(done.text).toContain('You are signed out')
    expect(done.text).not.toContain('href="https://signer.example"')
    expect(await isSignedIn(server, browser)).toBe(false)
    const known = await server.browser().get(logoutAddress(CLIENT))
    expect(known.text).toContain('href="https://signer.example"')
  })

  it('gives the address back as it was registered, without a state where none came', async () => {
    const uri = `${BYE}?from=latchkey`
    const browser = server.browser()
    const to = async (more: object) =>
      (await browser.get(logoutAddress({ ...CLIENT, post_logout_redirect_uri: uri, ...more }))).headers.location
    expect(await to({})).toBe(uri)
    expect(await to({ state: '1' })).toBe(`${uri}&state=1`)
  })

  it('lets the person stay', async () => {
    const { browser, authorizationId } = await signInBy(server)
    const stayed = await browser.submit(await browser.get(logoutAddress(BACK)), { answer: 'stay' })
    expect(stayed.headers.location).toBeUndefined()
    expect(stayed.text).toContain('You are still signed in')
    expect(await isSignedIn(server, browser)).toBe(true)
    expect(await stands(server, authorizationId)).toBe(true)
  })

  it('gives a second click the same way back', async () => {
    const { browser } = await signInBy(server)
    const page = await browser.get(logoutAddress(BACK))
    for (const _click of [1, 2]) {
      expect((await browser.submit(page, { answer: 'sign-out' })).headers.location).toBe(BACK_THERE)
    }
  })

  it('ends what was issued for the sign-in: refresh token, access token and code', async () => {
    const { browser, sid, tokens } = await signInBy(server)
    const wanted = server.request({ ...CLIENT, redirect_uri: 'https://signer.example/callback', scope: 'openid read' })
    const { code } = await browser.authorize(wanted)
    await browser.get(logoutAddress({ id_token_hint: await hintFor(server, sid) }))

    const refreshed = await server.token({
      grant_type: 'refresh_token',
      client_id: 'signer',
      refresh_token: tokens.refresh_token as string,
    })
    expect([refreshed.status, refreshed.body.error]).toEqual([400, 'invalid_grant'])
    const redeemed = await server.token(wanted.redeem(code as string))
    expect([redeemed.status, redeemed.body.error]).toEqual([400, 'invalid_grant'])
    const userinfo = await request(server.app)
      .get('/oauth/userinfo')
      .set('Authorization', `Bearer ${tokens.access_token}`)
    expect(userinfo.status).toBe(401)
    const ended = server.events().filter(({ audit }) => audit === 'authorization.ended')
    expect(ended).toHaveLength(2)
    expect(ended[0]).toMatchObject({ cause: 'signed-out', client_id: 'signer' })
  })

  it('leaves what the person allowed beyond the sign-in, other browsers, and other people', async () => {
    const first = await signInBy(server)
    const { browser } = first
    const api = await signInBy(server, { browser, scope: 'read write' })
    const offline = await signInBy(server, { browser, scope: 'openid offline_access' })
    const elsewhere = await signInBy(server)
    const others = await signInBy(server, { person: bob })
    expect(first.sid).toBe(offline.sid)
    await browser.get(logoutAddress({ id_token_hint: await hintFor(server, first.sid) }))

    const standing = await Promise.all(
      [first, api, offline, elsewhere, others].map((one) => stands(server, one.authorizationId)),
    )
    expect(standing).toEqual([false, true, true, true, true])
    expect(await isSignedIn(server, elsewhere.browser)).toBe(true)
    expect(await isSignedIn(server, others.browser)).toBe(true)
  })

  it('is not what happens when somebody else signs in at the browser: their apps keep what they have', async () => {
    const { browser, authorizationId } = await signInBy(server)
    const wanted = server.request()
    const page = await browser.begin(wanted)
    const form = { step: 'login', username: bob.username, password: bob.password }
    const action = /action="([^"]+)"/.exec(page.text)?.[1] as string
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] as string
    expect((await browser.post(action, { ...form, csrf })).status).toBe(303)
    expect(await stands(server, authorizationId)).toBe(true)
    const signedOut = await browser.submit(await browser.get('/oauth/logout'), { answer: 'sign-out' })
    expect(signedOut.text).toContain('You are signed out')
    expect(await stands(server, authorizationId)).toBe(true)
  })

  it('ends what was issued before the person proved again who they are', async () => {
    const { browser, authorizationId, sid } = await signInBy(server)
    server.clock.advance({ seconds: 1 })
    const again = server.request({ ...CLIENT, redirect_uri: 'https://signer.example/callback', prompt: 'login' })
    await browser.authorize(again, { login: alice, consent: 'allow' })
    expect(await stands(server, authorizationId)).toBe(true)
    // The sign-in goes on, so the ID token from before names it, and nobody is asked.
    const left = await browser.get(logoutAddress({ id_token_hint: await hintFor(server, sid) }))
    expect(left.text).toContain('You are signed out')
    expect(await isSignedIn(server, browser)).toBe(false)
    expect(await stands(server, authorizationId)).toBe(false)
  })

  it('ends what was issued before the person proved it again, where they are asked', async () => {
    const { browser, authorizationId, sid } = await signInBy(server)
    const again = await signInBy(server, { browser, prompt: 'login' })
    expect(again.sid).toBe(sid)
    const page = await browser.get(logoutAddress({}))
    await browser.submit(page, { answer: 'sign-out' })
    expect(await stands(server, authorizationId)).toBe(false)
    expect(await stands(server, again.authorizationId)).toBe(false)
  })

  it('ends what was asked for in an earlier sign-in and allowed in this one', async () => {
    const { browser } = await signInBy(server)
    const wanted = server.request({ ...CLIENT, redirect_uri: 'https://signer.example/callback', scope: 'openid write' })
    const page = await browser.begin(wanted)
    await browser.submit(await browser.get('/oauth/logout'), { answer: 'sign-out' })
    server.clock.advance({ seconds: 1 })
    await signInBy(server, { browser })
    const { location } = (await browser.submit(page, { answer: 'allow' })).headers
    const code = new URL(location as string).searchParams.get('code') as string
    await browser.submit(await browser.get('/oauth/logout'), { answer: 'sign-out' })
    expect((await server.token(wanted.redeem(code))).body.error).toBe('invalid_grant')
  })

  it('ends everything of a sign-in, however much that is, and tries all of it', async () => {
    const { browser, sid } = await signInBy(server)
    const ids = await Promise.all(
      Array.from({ length: 150 }, async () => {
        const wanted = server.request({
          ...CLIENT,
          redirect_uri: 'https://signer.example/callback',
          scope: 'openid read',
        })
        return readCode((await browser.authorize(wanted)).code as string, server.deps.handles) as string
      }),
    )
    await browser.get(logoutAddress({ id_token_hint: await hintFor(server, sid) }))
    const ended = server.events().filter(({ audit }) => audit === 'authorization.ended')
    expect(ended.map(({ authorization_id }) => authorization_id)).toEqual(expect.arrayContaining(ids))
    expect(ended).toHaveLength(151)
  })

  it('is told in the metadata, and works below the path of an issuer', async () => {
    const issuer = 'http://localhost:3000/tenant'
    const tenant = await testServer({ store, clients: [openIdClient, publicClient], env: { ISSUER: issuer } })
    const { body } = await request(tenant.app).get('/.well-known/oauth-authorization-server/tenant')
    expect(body.end_session_endpoint).toBe(`${issuer}/oauth/logout`)
    const { browser } = await signInBy(tenant)
    const page = await browser.get(`/tenant${logoutAddress(BACK)}`)
    expect((await browser.submit(page, { answer: 'sign-out' })).headers.location).toBe(BACK_THERE)
    await tenant.close()
  })
})
