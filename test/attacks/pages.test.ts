import request from 'supertest'
import { clientResponse } from '../helpers/browser.ts'
import { alice, bob, confidentialClient, publicClient } from '../helpers/fixtures.ts'
import { type Pressed, readForm, readPressed, titleOf } from '../helpers/html.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'
import { openIdClient, signInBy } from '../helpers/sign-out.ts'

/** Turns the reading direction around: what follows is shown backwards. */
const OVERRIDE = '\u202e'
const ISOLATE = '\u2066'
const EVIL = `"'><script>alert(1)</script>${OVERRIDE}moc${ISOLATE}<b id=evil>`
const LANGUAGES = ['en', 'de', 'fr', 'es', 'ja', 'ar']
const LONG = 10_000

/** What no page may have in it, whoever wrote it. */
function expectHarmless(html: string, where: string): void {
  const found = ['<script>', '<b id=evil', OVERRIDE, ISOLATE, '\u0000', '\u0007', '\u001b'].filter((bad) =>
    html.includes(bad),
  )
  expect([where, ...found]).toEqual([where])
}

onBothStores('attacks by pages', (store) => {
  let server: TestServer
  beforeEach(async () => {
    server = await testServer({ store, clients: [openIdClient, publicClient] })
  })
  afterEach(() => server.close())

  it('An attacker plants the cookie of a session of their own: once the victim signs in it is worth nothing', async () => {
    const planted = (await server.deps.sessions.start(bob.sub)).handle
    const first = await request(server.app)
      .get(`/oauth/authorize?${server.request().query()}`)
      .set('Cookie', `latchkey_session=${planted}`)
    const browser = /latchkey_browser=[^;]+/.exec(String(first.headers['set-cookie']))?.[0]
    const cookies = `latchkey_session=${planted}; ${browser}`
    const page = await request(server.app).get(String(first.headers.location)).set('Cookie', cookies)
    expect(page.text).toContain('<bdi class="name">Bob</bdi>')

    const post = (form: Record<string, string>) =>
      request(server.app).post(String(first.headers.location)).set('Cookie', cookies).type('form').send(form)
    const { fields } = readPressed(page.text, 'Use another account') as Pressed
    await post(fields)
    const { username, password } = alice
    const done = await post({ csrf: fields.csrf as string, step: 'login', username, password })
    const handle = /latchkey_session=([^;]+)/.exec(String(done.headers['set-cookie']))?.[1]
    expect(handle).not.toBe(planted)
    expect((await server.deps.sessions.look(handle))?.subject).toBe(alice.sub)
    expect(await server.deps.sessions.look(planted)).toBeUndefined()
    const attacker = await request(server.app).get('/account').set('Cookie', `latchkey_session=${planted}`)
    expect(titleOf(attacker)).toBe('Sign in')
  })

  it('An attacker sends the victim their own sign-in page for the account: their browser’s token does not go with it', async () => {
    const planted = (await server.deps.sessions.start(bob.sub)).handle
    const page = await request(server.app).get('/account').set('Cookie', `latchkey_session=${planted}`)
    const { csrf = '' } = readPressed((await server.browser().get('/account')).text, 'Sign in')?.fields ?? {}
    expect(page.text).toContain('Bob (bob)')
    const victim = server.browser()
    await victim.get('/account')
    const posted = await victim.post('/account', { csrf, step: 'login', username: 'bob', password: bob.password })
    expect(posted.status).toBe(403)
  })

  it('Every step of an interaction is tried in another browser, with all that its page carries', async () => {
    const owner = await signInBy(server)
    const to = { client_id: 'signer', redirect_uri: openIdClient.redirect_uris[0] as string }
    const pages = [
      await server.browser().begin(server.request(to)),
      await owner.browser.begin(server.request({ ...to, prompt: 'select_account' })),
      await owner.browser.begin(server.request({ ...to, prompt: 'consent' })),
    ]
    const thief = (await signInBy(server)).browser
    for (const page of pages) {
      const { action, hidden } = readForm(page.text, ['csrf']) ?? { action: '', hidden: {} }
      expect((await thief.get(action)).status).toBe(403)
      const { username, password } = alice
      const everything = { ...hidden, username, password, answer: 'allow' }
      for (const step of ['login', 'account', 'consent', 'continue', 'cancel']) {
        const answer = await thief.post(action, { ...everything, step })
        expect([step, answer.status, answer.headers.location]).toEqual([step, 403, undefined])
      }
    }
  })

  it('Another site posts each form of the interaction: refused, and the interaction waits as before', async () => {
    const { browser } = await signInBy(server)
    const to = { client_id: 'signer', redirect_uri: openIdClient.redirect_uris[0] as string }
    const page = await browser.begin(server.request({ ...to, prompt: 'consent' }))
    const { action, hidden } = readForm(page.text, ['answer']) ?? { action: '', hidden: {} }
    for (const step of ['login', 'account', 'consent', 'continue', 'cancel']) {
      for (const [name, value] of [
        ['Origin', 'https://evil.example'],
        ['Sec-Fetch-Site', 'cross-site'],
      ] as const) {
        const answer = await browser.post(action, { ...hidden, step, answer: 'allow' }, { [name]: value })
        expect([step, answer.status]).toEqual([step, 403])
      }
    }
    expect((await browser.get(action)).text).toBe(page.text)
  })
})

describe.each(LANGUAGES)('what strangers and operators write, on pages in %s', (language) => {
  const client = {
    ...publicClient,
    client_name: EVIL,
    [`client_name#${language}`]: EVIL,
    client_uri: 'https://xn--pple-43d.example/%E2%80%AE?"><script>=1',
    initiate_login_uri: 'https://app.example/?a="><script>',
    post_logout_redirect_uris: ['https://app.example/bye'],
    scope: 'openid read',
  }
  const backend = {
    ...confidentialClient,
    client_name: EVIL,
    redirect_uris: ['com.example.app:/callback'],
    scope: 'openid read',
  }
  const person = { ...alice, username: EVIL, name: `${OVERRIDE}${EVIL}` }
  let server: TestServer
  beforeEach(async () => {
    server = await testServer({
      clients: [client, backend],
      users: [person],
      env: { SCOPES: JSON.stringify({ read: { en: EVIL, [language]: `${EVIL} ${language}` } }) },
    })
  })
  afterEach(() => server.close())

  const ask = (more: Record<string, string> = {}) => server.request({ ui_locales: language, ...more })
  const submitIn = async () => {
    const browser = server.browser()
    const page = await browser.begin(ask())
    const consent = await browser.submit(page, { username: EVIL, password: alice.password })
    return { browser, page, consent }
  }

  it('Names, usernames, sentences and hosts with markup and direction overrides stand there as tame text', async () => {
    const { browser, page, consent } = await submitIn()
    expect(clientResponse(await browser.submit(consent, { answer: 'allow' })).code).toBeDefined()
    const choice = await browser.begin(ask({ prompt: 'select_account' }))
    const wanted = ask({ prompt: 'consent' })
    const { code } = clientResponse(await browser.submit(await browser.begin(wanted), { answer: 'allow' }))
    await server.token(wanted.redeem(code as string))
    const installed = { client_id: 'backend', redirect_uri: 'com.example.app:/callback' }
    await browser.submit(await browser.begin(ask(installed)), { answer: 'allow' })
    const stranger = server.browser()
    const pages = {
      signIn: page,
      wrong: await stranger.submit(await stranger.begin(ask()), { username: EVIL, password: 'x' }),
      consent,
      choice,
      back: await browser.submit(choice, { answer: 'another' }),
      continue: await browser.begin(ask(installed)),
      finished: await browser.get(readForm(consent.text, ['csrf'])?.action as string),
      formPost: await browser.begin(ask({ response_mode: 'form_post' })),
      account: await browser.get(`/account?ui_locales=${language}`),
      signOut: await browser.get(`/oauth/logout?client_id=app&ui_locales=${language}`),
      tooLate: await browser.get('/interaction/AAAAAAAAAAAAAAAAAAAAAA?client_id=app'),
    }
    for (const [name, { text }] of Object.entries(pages)) {
      expectHarmless(text, name)
      expect([name, text.includes('&lt;script&gt;')]).toEqual([name, true])
    }
    for (const name of ['consent', 'account'] as const) expect(pages[name].text).toContain('xn--pple-43d.example')
  })

  it('What a link brings along is escaped, tamed and cut: hints, languages, identifiers, addresses', async () => {
    const long = `${EVIL}${'x'.repeat(LONG)}`
    const browser = server.browser()
    const hinted = await browser.begin(ask({ login_hint: long }))
    expectHarmless(hinted.text, 'login_hint')
    expect(hinted.text).not.toContain('x'.repeat(201))
    const typed = await browser.submit(hinted, { username: long, password: 'x' })
    expectHarmless(typed.text, 'username')
    expect(typed.text).not.toContain('x'.repeat(201))

    const { browser: signedIn } = await submitIn()
    for (const [name, path] of [
      ['ui_locales', `/account?ui_locales=${encodeURIComponent(`${long} ${language}`)}`],
      ['disconnected', `/account?disconnected=${encodeURIComponent(long)}`],
      ['client_id of an interaction', `/interaction/AAAAAAAAAAAAAAAAAAAAAA?client_id=${encodeURIComponent(long)}`],
      ['id of an interaction', `/interaction/${encodeURIComponent(long)}`],
      ['client_id', `/oauth/authorize?${ask({ client_id: long }).query()}`],
      ['redirect_uri', `/oauth/authorize?${ask({ redirect_uri: `https://app.example/${long}` }).query()}`],
      ['an unknown path', `/${encodeURIComponent(long)}`],
      ['client_id of a sign-out', `/oauth/logout?client_id=${encodeURIComponent(long)}&ui_locales=${language}`],
      ['state of a sign-out', `/oauth/logout?client_id=app&state=${encodeURIComponent(long)}`],
    ] as const) {
      const page = await signedIn.get(path, { Accept: 'text/html', 'Accept-Language': language })
      expect([name, page.status < 500]).toEqual([name, true])
      expectHarmless(page.text, name)
      expect([name, page.text.includes('x'.repeat(2001))]).toEqual([name, false])
    }
  })

  it('Control characters are refused by name, and are in no page', async () => {
    for (const control of ['\u0000', '\u0007', '\u001b']) {
      for (const path of [
        `/oauth/authorize?${ask({ login_hint: `a${control}b` }).query()}`,
        `/account?disconnected=${encodeURIComponent(`a${control}b`)}`,
        `/interaction/AAAAAAAAAAAAAAAAAAAAAA?client_id=${encodeURIComponent(control)}`,
      ]) {
        const page = await server.browser().get(path, { 'Accept-Language': language })
        expect(page.status).toBe(400)
        expectHarmless(page.text, path)
      }
    }
  })
})
