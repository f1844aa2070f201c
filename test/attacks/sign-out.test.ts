import { randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import request from 'supertest'
import { alice, bob, publicClient } from '../helpers/fixtures.ts'
import { readForm } from '../helpers/html.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'
import { BYE, hintFor, isSignedIn, logoutAddress, openIdClient, signInBy, stands } from '../helpers/sign-out.ts'

const BACK = { client_id: 'signer', post_logout_redirect_uri: BYE, state: 'state' }
const OWN = { Origin: 'http://localhost:3000', 'Sec-Fetch-Site': 'same-origin' }

onBothStores('attacks on signing out', (store) => {
  let server: TestServer
  const neighbour = {
    ...openIdClient,
    client_id: 'neighbour',
    redirect_uris: ['https://neighbour.example/callback', 'http://127.0.0.1/callback'],
    post_logout_redirect_uris: ['https://neighbour.example/bye', 'http://127.0.0.1/bye'],
  }
  beforeEach(async () => {
    server = await testServer({ store, clients: [openIdClient, neighbour, publicClient] })
  })
  afterEach(() => server.close())

  it('Another site sends the browser here to sign its person out: they are asked, and nothing has happened', async () => {
    const { browser, authorizationId } = await signInBy(server)
    for (const params of [
      BACK,
      { client_id: 'signer' },
      {},
      { answer: 'sign-out', csrf: 'x' },
      { logout_hint: 'alice' },
    ]) {
      const page = await browser.get(logoutAddress(params))
      expect([page.status, page.headers.location]).toEqual([200, undefined])
      expect(page.text).toContain('value="sign-out"')
    }
    expect(await isSignedIn(server, browser)).toBe(true)
    expect(await stands(server, authorizationId)).toBe(true)
    for (const method of ['head', 'put', 'delete'] as const) {
      expect((await request(server.app)[method](logoutAddress(BACK))).status).toBe(405)
    }
  })

  it('Another site posts the confirm form: refused by its Origin, by Sec-Fetch-Site, and by the missing token', async () => {
    const { browser } = await signInBy(server)
    const form = readForm((await browser.get(logoutAddress(BACK))).text, ['answer'])
    const fields = { ...form?.hidden, answer: 'sign-out' }
    const post = (more: object, headers: Record<string, string> = OWN) =>
      browser.post('/oauth/logout', { ...fields, ...more }, headers)
    expect((await post({}, { Origin: 'https://evil.example' })).status).toBe(403)
    expect((await post({}, { Origin: 'null' })).status).toBe(403)
    expect((await post({}, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
    expect((await post({}, { 'Sec-Fetch-Site': 'same-site' })).status).toBe(403)
    expect((await post({ csrf: '' })).status).toBe(403)
    expect((await post({ csrf: 'x'.repeat(43) })).status).toBe(403)
    expect(await isSignedIn(server, browser)).toBe(true)
    expect((await post({})).status).toBe(303)
  })

  it('The confirm form is sent with another address, state or client than the page showed', async () => {
    const { browser } = await signInBy(server)
    const form = readForm((await browser.get(logoutAddress(BACK))).text, ['answer'])
    const other = { client_id: 'neighbour', post_logout_redirect_uri: 'https://neighbour.example/bye' }
    const changes: Array<Record<string, string>> = [
      { state: 'other' },
      { post_logout_redirect_uri: `${BYE}?from=latchkey` },
      other,
    ]
    for (const change of changes) {
      const posted = await browser.post('/oauth/logout', { ...form?.hidden, ...change, answer: 'sign-out' }, OWN)
      expect([posted.status, posted.headers.location]).toEqual([403, undefined])
    }
    expect(await isSignedIn(server, browser)).toBe(true)
  })

  it('The attacker’s own token is tried in the victim’s browser, and a page shown to one user is answered as another', async () => {
    const attacker = await signInBy(server)
    const page = await attacker.browser.get(logoutAddress(BACK))
    const victim = await signInBy(server)
    expect((await victim.browser.submit(page, { answer: 'sign-out' })).status).toBe(403)
    expect(await isSignedIn(server, victim.browser)).toBe(true)

    const old = await victim.browser.get(logoutAddress(BACK))
    const begun = await victim.browser.begin(server.request())
    const form = readForm(begun.text, ['answer'])
    await victim.browser.post(form?.action as string, { ...form?.hidden, ...bob, step: 'login' })
    expect((await victim.browser.submit(old, { answer: 'sign-out' })).status).toBe(403)
    expect(await isSignedIn(server, victim.browser)).toBe(true)
  })

  it.each(['yes', 'Sign-out', 'sign-out ', '1'])('The answer %j is neither yes nor no', async (answer) => {
    const { browser } = await signInBy(server)
    const form = readForm((await browser.get(logoutAddress(BACK))).text, ['answer'])
    expect((await browser.post('/oauth/logout', { ...form?.hidden, answer }, OWN)).status).toBe(400)
    expect(await isSignedIn(server, browser)).toBe(true)
  })

  it('A stranger makes an ID token for the session: signed by their own key, by none, or by the name of ours', async () => {
    const { browser, sid } = await signInBy(server)
    const real = await hintFor(server, sid)
    const [header = '', payload = '', signature = ''] = real.split('.')
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString())
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    const sign = (more: object) => new SignJWT(claims).setProtectedHeader({ alg: 'ES256', ...more }).sign(privateKey)
    const none = Buffer.from(JSON.stringify({ alg: 'none', kid })).toString('base64url')
    const otherPayload = Buffer.from(JSON.stringify({ ...claims, aud: 'neighbour' })).toString('base64url')
    const forged = [
      await sign({ kid }),
      await sign({ kid: randomUUID() }),
      await sign({ jwk: await exportJWK(publicKey) }),
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
      `${header}.${otherPayload}.${signature}`,
      `${real}x`,
      'x'.repeat(10_000),
      'nonsense',
    ]
    for (const id_token_hint of forged) {
      const answer = await browser.get(logoutAddress({ id_token_hint, post_logout_redirect_uri: BYE }))
      expect([answer.status, answer.headers.location]).toEqual([400, undefined])
      expect(answer.text).toContain('id_token_hint is not an ID token of this server')
      expect(answer.text).not.toContain('name="answer"')
    }
    expect(await isSignedIn(server, browser)).toBe(true)
  })

  it('Tokens of this server that are no ID token of its own name are tried as hints', async () => {
    const { browser, sid, tokens } = await signInBy(server)
    const hints = [
      await hintFor(server, sid, { iss: 'https://other.example' }),
      await hintFor(server, sid, { iss: undefined }),
      await hintFor(server, sid, { aud: undefined }),
      tokens.access_token as string,
      tokens.refresh_token as string,
    ]
    for (const id_token_hint of hints) {
      expect((await browser.get(logoutAddress({ id_token_hint }))).status).toBe(400)
    }
    expect(await isSignedIn(server, browser)).toBe(true)
  })

  it('An ID token of another session, or of another user, does not spare the question', async () => {
    const { browser, sid } = await signInBy(server)
    const elsewhere = await signInBy(server)
    const others = await signInBy(server, { person: bob })
    const hints = [
      await hintFor(server, elsewhere.sid),
      await hintFor(server, others.sid, { sub: bob.sub }),
      await hintFor(server, sid, { sub: bob.sub }),
      await hintFor(server, sid, { sid: undefined }),
      await hintFor(server, sid, { sid: '' }),
      await hintFor(server, sid, { aud: 'no-longer-registered' }),
    ]
    for (const id_token_hint of hints) {
      const page = await browser.get(logoutAddress({ id_token_hint }))
      expect(page.status).toBe(200)
      expect(page.text).toContain('value="sign-out"')
      // An ID token tells who its user is; it does not belong into a page.
      expect(page.text).not.toContain(id_token_hint)
    }
    for (const one of [browser, elsewhere.browser, others.browser]) expect(await isSignedIn(server, one)).toBe(true)
  })

  it('A client asks with the ID token of another: refused, whether to go back or not', async () => {
    const { browser, sid } = await signInBy(server)
    const id_token_hint = await hintFor(server, sid)
    for (const params of [{}, { post_logout_redirect_uri: 'https://neighbour.example/bye' }]) {
      const answer = await browser.get(logoutAddress({ client_id: 'neighbour', id_token_hint, ...params }))
      expect([answer.status, answer.headers.location]).toEqual([400, undefined])
    }
    expect(await isSignedIn(server, browser)).toBe(true)
  })

  it('The server is used as an open redirector: only the very bytes that are registered are an address', async () => {
    const { browser, sid } = await signInBy(server)
    const id_token_hint = await hintFor(server, sid)
    const addresses = [
      'https://evil.example/',
      `${BYE}/`,
      `${BYE}?x=1`,
      `${BYE}#x`,
      `${BYE}%2f..`,
      `${BYE}.evil.example`,
      'https://signer.example',
      'HTTPS://signer.example/bye',
      'https://SIGNER.example/bye',
      'https://signer.example:443/bye',
      'https://signer.example@evil.example/bye',
      'https://signer.example/callback',
      'https://neighbour.example/bye',
      '//evil.example',
      'javascript:alert(1)',
    ]
    const visits = [
      { browser, hint: { id_token_hint } },
      { browser: server.browser(), hint: { client_id: 'signer' } },
    ]
    for (const post_logout_redirect_uri of addresses) {
      for (const { browser: visitor, hint } of visits) {
        const answer = await visitor.get(logoutAddress({ ...hint, post_logout_redirect_uri }))
        expect([answer.status, answer.headers.location]).toEqual([400, undefined])
        expect(answer.text).toContain('post_logout_redirect_uri received')
        expect(answer.text).not.toContain(`href="${post_logout_redirect_uri}"`)
      }
    }
    expect(await isSignedIn(server, browser)).toBe(true)
    const page = await browser.get(logoutAddress({ ...BACK, post_logout_redirect_uri: `${BYE}/` }))
    expect(page.text).toContain('Nearest registered')
    expect(page.text).toContain(`>${BYE}<`)
    expect(page.text).toContain('character 27')
  })

  it('A post-logout address without anybody to vouch for it leads nowhere, nor does one with a free port', async () => {
    const browser = server.browser()
    const loopback = { client_id: 'neighbour', post_logout_redirect_uri: 'http://127.0.0.1:5000/bye' }
    const removed = await hintFor(server, 'x', { aud: 'no-longer-registered' })
    const tries = [
      { post_logout_redirect_uri: BYE },
      { post_logout_redirect_uri: BYE, client_id: 'nobody' },
      { post_logout_redirect_uri: BYE, id_token_hint: removed },
      { ...BACK, client_id: 'app' },
      loopback,
    ]
    for (const params of tries) {
      const answer = await browser.get(logoutAddress(params))
      expect([answer.status, answer.headers.location]).toEqual([400, undefined])
    }
  })

  it('Markup in state, client_id and address is text on every page, and bytes on the way back', async () => {
    const markup = '"><script>alert(1)</script>'
    const { browser, sid } = await signInBy(server)
    const page = await browser.get(logoutAddress({ ...BACK, state: markup }))
    expect(page.text).not.toContain('<script>')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'")
    const left = await browser.submit(page, { answer: 'sign-out' })
    expect(new URL(left.headers.location as string).searchParams.get('state')).toBe(markup)

    const id_token_hint = await hintFor(server, sid)
    for (const params of [{ client_id: markup }, { id_token_hint, post_logout_redirect_uri: markup }]) {
      const refused = await browser.get(logoutAddress(params))
      expect(refused.status).toBe(400)
      expect(refused.text).not.toContain('<script>')
    }
    const lines = await browser.get(logoutAddress({ ...BACK, state: 'x\r\nSet-Cookie: latchkey_session=x' }))
    expect(lines.headers.location).toBe(`${BYE}?state=x%0D%0ASet-Cookie%3A%20latchkey_session%3Dx`)
  })

  it('Parameters come twice, or a state without end', async () => {
    const { browser } = await signInBy(server)
    const twice = `${logoutAddress(BACK)}&post_logout_redirect_uri=https://evil.example/`
    expect((await browser.get(twice)).status).toBe(400)
    expect((await browser.get(logoutAddress({ ...BACK, state: 'x'.repeat(2049) }))).status).toBe(400)
    expect((await browser.get(logoutAddress({ ...BACK, state: 'x'.repeat(2048) }))).status).toBe(200)
    expect(await isSignedIn(server, browser)).toBe(true)
  })

  it('A thief has copied the session cookie: it is worth nothing once the person has signed out', async () => {
    const { handle, session } = await server.deps.sessions.start(alice.sub)
    const cookie = `latchkey_session=${handle}`
    const id_token_hint = await hintFor(server, session.lineage)
    const left = await request(server.app).get(logoutAddress({ id_token_hint })).set('Cookie', cookie)
    expect(left.text).toContain('You are signed out')
    const stolen = await request(server.app).get(`/oauth/authorize?${server.request().query()}`).set('Cookie', cookie)
    const browser = /latchkey_browser=[^;]+/.exec(String(stolen.headers['set-cookie']))?.[0]
    const shown = await request(server.app).get(String(stolen.headers.location)).set('Cookie', `${cookie}; ${browser}`)
    expect(shown.text).toContain('name="password"')
    expect(await server.deps.sessions.look(handle)).toBeUndefined()
  })
})
