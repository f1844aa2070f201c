import request from 'supertest'
import { alice, bob } from '../helpers/fixtures.ts'
import { readForm } from '../helpers/html.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'

onBothStores('attacks through browsers', (store) => {
  let server: TestServer
  beforeEach(async () => {
    server = await testServer({ store })
  })
  afterEach(() => server.close())

  const signIn = { username: alice.username, password: alice.password }

  it('A flow begun in the attacker’s browser is sent to the victim: the victim’s browser refuses it (CVE-2026-7507)', async () => {
    const attacker = server.browser()
    const page = await attacker.begin(server.request())
    const address = readForm(page.text, ['password'])?.action as string

    const victim = server.browser()
    await victim.authorize(server.request(), { login: alice, consent: 'allow' })
    const opened = await victim.get(address)
    expect(opened.status).toBe(403)
    expect(opened.headers.location).toBeUndefined()
    const posted = await victim.submit(page, signIn)
    expect(posted.status).toBe(403)
  })

  it('Another site posts the form: refused by its Origin, by Sec-Fetch-Site, and by the missing token', async () => {
    const browser = server.browser()
    const consent = await browser.submit(await browser.begin(server.request()), signIn)
    const form = readForm(consent.text, ['answer'])
    const fields = { ...form?.hidden, answer: 'allow' }
    const action = form?.action as string
    expect((await browser.post(action, fields, { Origin: 'https://evil.example' })).status).toBe(403)
    expect((await browser.post(action, fields, { Origin: 'null' })).status).toBe(403)
    expect((await browser.post(action, fields, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
    expect((await browser.post(action, { ...fields, csrf: '' })).status).toBe(403)
    expect((await browser.post(action, { ...fields, csrf: 'x'.repeat(43) })).status).toBe(403)
    const own = { Origin: 'http://localhost:3000', 'Sec-Fetch-Site': 'same-origin' }
    expect((await browser.post(action, fields, own)).headers.location).toContain('code=')
  })

  it('A token of one interaction is tried on another, and one page’s token after another user signed in', async () => {
    const browser = server.browser()
    const first = await browser.submit(await browser.begin(server.request()), signIn)
    const second = await browser.begin(server.request())
    const foreign = {
      ...readForm(second.text, ['answer'])?.hidden,
      csrf: readForm(first.text, ['answer'])?.hidden.csrf as string,
    }
    const crossed = await browser.post(readForm(second.text, ['answer'])?.action as string, {
      ...foreign,
      answer: 'allow',
    })
    expect(crossed.status).toBe(403)

    const asBob = {
      ...readForm(second.text, ['answer'])?.hidden,
      step: 'login',
      username: bob.username,
      password: bob.password,
    }
    await browser.post(readForm(second.text, ['answer'])?.action as string, asBob)
    const answered = await browser.submit(first, { answer: 'allow' })
    expect(answered.headers.location).toBeUndefined()
    expect(answered.text).toContain('name="answer"')
    expect(answered.text).toContain('Bob')
  })

  it('A yes is put into the address: only a POST with the exact answer is one', async () => {
    const browser = server.browser()
    const consent = await browser.submit(await browser.begin(server.request()), signIn)
    const form = readForm(consent.text, ['answer'])
    const query = new URLSearchParams({ ...form?.hidden, answer: 'allow' }).toString()
    const answer = await browser.get(`${form?.action}?${query}`)
    expect(answer.headers.location).toBeUndefined()
    expect(answer.text).toContain('name="answer"')
    for (const method of ['head', 'put', 'delete'] as const) {
      expect((await request(server.app)[method](`${form?.action}?${query}`)).status).toBe(405)
    }
  })

  it.each(['yes', 'Allow', 'allow ', '1', ''])('The answer %j is neither yes nor no', async (answer) => {
    const browser = server.browser()
    const consent = await browser.submit(await browser.begin(server.request()), signIn)
    const form = readForm(consent.text, ['answer'])
    const posted = await browser.post(form?.action as string, { ...form?.hidden, answer })
    expect(posted.status).toBe(400)
    expect(posted.headers.location).toBeUndefined()
  })

  it('A session planted before the sign-in is worth nothing after it', async () => {
    const planted = await server.deps.sessions.start(bob.sub)
    const browser = server.browser()
    const page = await browser.begin(server.request())
    const form = readForm(page.text, ['password'])
    const done = await browser.post(form?.action as string, { ...form?.hidden, ...signIn }, {})
    const cookie = String(done.headers['set-cookie'])
    expect(cookie).toContain('latchkey_session=')
    expect(cookie).not.toContain(planted.handle)
    expect(cookie).toMatch(/HttpOnly; SameSite=Lax/)
  })

  it('A forged session handle, or one with a letter changed, signs nobody in', async () => {
    const { handle } = await server.deps.sessions.start(alice.sub)
    const forged = `${handle.slice(0, -1)}${handle.endsWith('A') ? 'B' : 'A'}`
    const page = await server.browser().get(`/oauth/authorize?${server.request().query()}`)
    expect(page.headers.location).toMatch(/^\/interaction/)
    for (const cookie of [forged, `${handle}x`, '', 'x', handle.slice(0, 44)]) {
      expect(await server.deps.sessions.find(cookie, { clientId: 'app', redirectUri: 'x' }, 'an-id')).toBeUndefined()
    }
    expect(await server.deps.sessions.find(handle, { clientId: 'app', redirectUri: 'x' }, 'an-id')).toBeDefined()
  })

  it('A remembered consent is not ridden by whoever poses as an installed app (RFC 8252 §8.6)', async () => {
    const wanted = () => server.request({ client_id: 'native', redirect_uri: 'http://127.0.0.1:5000/callback' })
    const browser = server.browser()
    await browser.authorize(wanted(), { login: alice, consent: 'allow' })
    const again = await browser.begin(wanted())
    expect(again.status).toBe(200)
    expect(again.text).toContain('name="answer"')
  })

  it('A removed user with a live session is asked to sign in, and gets no code', async () => {
    const browser = server.browser()
    await browser.authorize(server.request(), { login: alice, consent: 'allow' })
    await server.deps.reload({ ...server.config, users: [] })
    const page = await browser.begin(server.request())
    expect(page.text).toContain('name="password"')
    await server.deps.reload(server.config)
  })

  it('A wrong password and an unknown user get the same page, with 401', async () => {
    const browser = server.browser()
    const page = await browser.begin(server.request())
    const wrong = await browser.submit(page, { username: 'alice', password: 'wrong' })
    const unknown = await browser.submit(page, { username: 'nobody', password: 'wrong' })
    expect([wrong.status, unknown.status]).toEqual([401, 401])
    expect(wrong.text.replace('value="alice"', '')).toBe(unknown.text.replace('value="nobody"', ''))
  })

  it('Markup in names is shown as text', async () => {
    const markup = '<script>alert(1)</script>'
    const browser = server.browser()
    const page = await browser.submit(await browser.begin(server.request()), { username: markup, password: 'x' })
    expect(page.text).not.toContain('<script>')
    expect(page.headers['content-security-policy']).toBe(
      "default-src 'none';style-src 'self';img-src 'self';frame-ancestors 'none';base-uri 'none'",
    )
  })

  it('An interaction that is over leads nowhere, and its code cannot be had again once it is used', async () => {
    const browser = server.browser()
    const wanted = server.request()
    const consent = await browser.submit(await browser.begin(wanted), signIn)
    const end = await browser.submit(consent, { answer: 'allow' })
    const code = new URL(end.headers.location as string).searchParams.get('code') as string
    await server.token(wanted.redeem(code))

    const again = await browser.submit(consent, { answer: 'allow' })
    expect(again.status).toBe(200)
    expect(again.headers.location).toBeUndefined()
    const reloaded = await browser.get(readForm(consent.text, ['answer'])?.action as string)
    expect(reloaded.text).toContain('https://app.example')
    server.clock.advance({ seconds: 1800 })
    expect((await browser.get(readForm(consent.text, ['answer'])?.action as string)).status).toBe(404)
  })
})
