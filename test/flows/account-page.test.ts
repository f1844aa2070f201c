import request from 'supertest'
import type { Browser } from '../helpers/browser.ts'
import { alice, bob, CLIENT_SECRET, confidentialClient, publicClient } from '../helpers/fixtures.ts'
import { type Form, type Pressed, readForm, readPressed, titleOf } from '../helpers/html.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'
import { openIdClient, type SignIn, signInBy, stands } from '../helpers/sign-out.ts'

const gateway = { ...confidentialClient, client_id: 'gateway', introspection: 'any' }
const clients = [openIdClient, publicClient, gateway]
const READER = { ...openIdClient, client_id: 'app', redirect_uris: publicClient.redirect_uris }
const byAlice = { username: alice.username, password: alice.password }
const SCOPES = { read: { en: 'See your things', de: 'Ihre Sachen sehen' }, write: 'Change your things' }

onBothStores('the account page', (store) => {
  let server: TestServer
  beforeEach(async () => {
    server = await testServer({ store, clients, env: { SCOPES: JSON.stringify(SCOPES) } })
  })
  afterEach(() => server.close())

  const open = (browser: Browser) => browser.get('/account')
  /** What is said of each client. */
  const listed = (page: string) => page.match(/<li>\s*<div class="who">[\s\S]*?<\/form>\s*<\/div>\s*<\/li>/g) ?? []
  const disconnectForm = async (browser: Browser) =>
    readForm((await open(browser)).text, ['client_id', 'csrf'])?.hidden as Record<string, string>

  describe('for somebody who is not signed in', () => {
    it('asks them to sign in, with nothing to go back to, and lists their clients after that', async () => {
      await signInBy(server)
      const browser = server.browser()
      const page = await open(browser)
      expect([page.status, titleOf(page)]).toEqual([200, 'Sign in'])
      expect(page.text).toContain('to see which apps can act for you')
      expect(page.text).not.toContain('Cancel')

      const wrong = await browser.press(page, 'Sign in', { ...byAlice, password: 'wrong' })
      expect([wrong.status, titleOf(wrong)]).toEqual([401, 'Error: sign in'])
      const { action, fields } = readPressed(wrong.text, 'Sign in') as Pressed
      expect(fields.username).toBe('alice')
      const right = await browser.post(action, { ...fields, ...byAlice })
      expect([right.status, right.headers.location]).toEqual([303, '/account'])
      const list = await open(browser)
      expect([titleOf(list), listed(list.text).length]).toEqual(['Connected apps', 1])
    })

    it('takes no sign-in from another browser’s page, or from another site', async () => {
      const [browser, other] = [server.browser(), server.browser()]
      const { action, fields } = readPressed((await open(other)).text, 'Sign in') as Pressed
      await open(browser)
      expect((await browser.post(action, { ...fields, ...byAlice })).status).toBe(403)
      const own = readPressed((await open(browser)).text, 'Sign in') as Pressed
      const posted = { ...own.fields, ...byAlice }
      expect((await browser.post(action, posted, { Origin: 'https://evil.example' })).status).toBe(403)
      expect((await browser.post(action, { ...posted, csrf: '' })).status).toBe(403)
      expect(titleOf(await open(browser))).toBe('Sign in')
    })

    it('does not sign somebody in over a person who is signed in by now', async () => {
      const browser = server.browser()
      const page = await open(browser)
      await browser.authorize(server.request(), { login: bob, consent: 'allow' })
      const answer = await browser.press(page, 'Sign in', byAlice)
      expect(answer.text).toContain('You are signed in as <bdi class="name">Bob (bob)</bdi>.')
    })

    it('ends nothing for them: a session that is over leads to the sign-in', async () => {
      const { browser, authorizationId } = await signInBy(server)
      const page = await open(browser)
      server.clock.advance({ seconds: 8 * 3600 })
      expect(titleOf(await browser.press(page, 'Disconnect'))).toBe('Sign in')
      expect(await stands(server, authorizationId)).toBe(true)
    })
  })

  it('names each client, its site, what it may do in words, since when, and when it was last used', async () => {
    const { browser, tokens } = await signInBy(server, { scope: 'openid read offline_access' })
    const began = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(server.clock.now())
    server.clock.advance({ seconds: 7200 })
    const [entry = ''] = listed((await open(browser)).text)
    for (const said of ['Signing App', 'signer.example', 'Know who you are', 'See your things', began, '2 hours ago']) {
      expect(entry).toContain(said)
    }
    expect(entry).not.toContain('offline_access')
    const form = { grant_type: 'refresh_token', client_id: 'signer', refresh_token: tokens.refresh_token as string }
    await server.token(form)
    server.clock.advance({ seconds: 180 })
    expect(listed((await open(browser)).text)[0]).toContain('3 minutes ago')
  })

  it('speaks the language of the browser, or that of its address', async () => {
    const { browser } = await signInBy(server)
    const german = await browser.get('/account?ui_locales=de')
    expect(titleOf(german)).toBe('Verbundene Apps')
    expect(german.text).toContain('Ihre Sachen sehen')
    const signIn = await request(server.app).get('/account').set('Accept-Language', 'de')
    expect(signIn.headers['content-language']).toBe('de')
  })

  it('says so where no client may do anything', async () => {
    const browser = server.browser()
    const page = await browser.press(await open(browser), 'Sign in', byAlice)
    expect(page.text).toContain('No app can act for you at the moment.')
    expect(page.text).not.toContain('Disconnect')
  })

  describe('disconnecting', () => {
    const isActive = async (token = '') => {
      const form = { token, client_id: 'gateway', client_secret: CLIENT_SECRET }
      return (await request(server.app).post('/oauth/introspect').type('form').send(form)).body.active
    }
    const userinfo = async (token = '') =>
      (await request(server.app).get('/oauth/userinfo').set('Authorization', `Bearer ${token}`)).status
    const refresh = async (refresh_token = '') =>
      (await server.token({ grant_type: 'refresh_token', client_id: 'signer', refresh_token })).status

    it('ends what the client holds, and its consent; the page says so', async () => {
      const { browser, tokens } = await signInBy(server)
      expect([await isActive(tokens.access_token), await userinfo(tokens.access_token)]).toEqual([true, 200])
      const page = await browser.press(await open(browser), 'Disconnect')
      expect(page.text).toContain('<bdi class="name">Signing App</bdi> is disconnected.')
      expect(listed(page.text)).toEqual([])
      expect([await isActive(tokens.access_token), await userinfo(tokens.access_token)]).toEqual([false, 401])
      expect(await refresh(tokens.refresh_token)).toBe(400)
      const redirect_uri = openIdClient.redirect_uris[0] as string
      const wanted = server.request({ client_id: 'signer', redirect_uri, scope: 'openid read' })
      expect(titleOf(await browser.begin(wanted))).toBe('Allow access')
    })

    it('twice is as good as once, and leaves by 303 so that a reload repeats nothing', async () => {
      const { browser } = await signInBy(server)
      const { action, fields } = readPressed((await open(browser)).text, 'Disconnect') as Pressed
      const answers = [await browser.post(action, fields), await browser.post(action, fields)]
      for (const { status, headers } of answers) {
        expect([status, headers.location, headers['cache-control']]).toEqual([
          303,
          '/account?disconnected=signer',
          'no-store',
        ])
      }
    })

    it('leaves other clients and other people alone', async () => {
      const ended = await signInBy(server)
      const { browser } = ended
      server.clock.advance({ seconds: 60 })
      const kept: SignIn[] = [
        await signInBy(server, { person: bob }),
        await signInBy(server, { client: READER, scope: 'read', browser }),
      ]
      const page = await open(browser)
      expect(listed(page.text)).toHaveLength(2)
      const left = await browser.press(page, 'Disconnect', { client_id: 'signer' })
      expect(listed(left.text)).toHaveLength(1)
      expect(await stands(server, ended.authorizationId)).toBe(false)
      for (const { authorizationId } of kept) expect(await stands(server, authorizationId)).toBe(true)
    })

    it('ends a client that is no longer registered, too', async () => {
      const { browser, authorizationId } = await signInBy(server)
      server.deps.clients.replace([])
      const page = await open(browser)
      expect(page.text).toContain('An app that is no longer registered: <bdi class="address" dir="ltr">signer</bdi>')
      const after = await browser.press(page, 'Disconnect')
      expect([after.status, listed(after.text).length]).toEqual([200, 0])
      expect(await stands(server, authorizationId)).toBe(false)
    })

    it('of a client there never was harms nothing', async () => {
      const { browser, authorizationId } = await signInBy(server)
      const page = await browser.press(await open(browser), 'Disconnect', { client_id: '<b>nobody' })
      expect([page.status, page.text.includes('nobody'), page.text.includes('is disconnected')]).toEqual([
        200,
        false,
        false,
      ])
      expect(await stands(server, authorizationId)).toBe(true)
    })

    it('is told only where it is true, whatever the address says', async () => {
      const { browser } = await signInBy(server)
      for (const named of ['signer', 'nobody', 'x'.repeat(10_000), '%3Cscript%3E', '&disconnected=signer']) {
        const page = await browser.get(`/account?disconnected=${named}`)
        expect(page.text).not.toContain('is disconnected')
        expect(page.text).not.toContain('<script')
      }
    })
  })

  describe('is not answered for a person by others:', () => {
    let person: SignIn
    beforeEach(async () => {
      person = await signInBy(server)
    })
    afterEach(async () => expect(await stands(server, person.authorizationId)).toBe(true))

    const refused = async (form: Record<string, string>, headers: Record<string, string> = {}) => {
      const answer = await person.browser.post('/account', form, headers)
      expect([answer.status, answer.headers.location]).toEqual([403, undefined])
      return answer
    }

    it.each<Record<string, string>>([
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'none' },
    ])('a form from another site, by %j', async (headers) => {
      await refused(await disconnectForm(person.browser), headers)
    })

    it('a form without a token, or with one that is made up', async () => {
      const form = await disconnectForm(person.browser)
      await refused({ ...form, csrf: '' })
      expect((await refused({ ...form, csrf: 'x'.repeat(43) })).text).toContain('This form is out of date')
    })

    it('a token of another browser where the same person is signed in', async () => {
      const other = await signInBy(server)
      const { csrf = '' } = await disconnectForm(other.browser)
      await refused({ ...(await disconnectForm(person.browser)), csrf })
    })

    it('a page of an earlier session at the same browser', async () => {
      const form = await disconnectForm(person.browser)
      await signInBy(server, { browser: person.browser, prompt: 'login' })
      await refused(form)
    })

    it('a page that was shown to the person who was signed in before', async () => {
      const form = await disconnectForm(person.browser)
      await signInBy(server, { browser: person.browser, prompt: 'login', person: bob })
      await refused(form)
    })

    it('a token of another form of this server', async () => {
      const consent = await person.browser.begin(server.request())
      const { csrf = '' } = (readForm(consent.text, ['csrf']) as Form).hidden
      await refused({ ...(await disconnectForm(person.browser)), csrf })
    })

    it('a GET, with whatever in its address', async () => {
      const query = new URLSearchParams({ ...(await disconnectForm(person.browser)), answer: 'allow' })
      expect((await person.browser.get(`/account?${query}`)).status).toBe(200)
    })

    it.each([
      ['no client_id', '', 'Missing parameter: client_id'],
      ['a client_id of 10 KB', 'x'.repeat(10_000), 'client_id is longer than any there is'],
    ])('a form with %s is refused, and the page says why', async (_what, client_id, why) => {
      const form = await disconnectForm(person.browser)
      const answer = await person.browser.post('/account', { ...form, client_id })
      expect([answer.status, answer.text.includes(why)]).toEqual([400, true])
    })

    it('an unknown step', async () => {
      const answer = await person.browser.post('/account', { ...(await disconnectForm(person.browser)), step: 'end' })
      expect([answer.status, answer.text.includes('Step must be login or disconnect')]).toEqual([400, true])
    })
  })
})
