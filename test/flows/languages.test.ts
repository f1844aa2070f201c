import request from 'supertest'
import { alice, publicClient } from '../helpers/fixtures.ts'
import { pushed } from '../helpers/push.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

describe('the language of the pages', () => {
  let server: TestServer
  const evil = '"\'><b id=evil>'
  const client = { ...publicClient, client_name: `App ${evil}`, post_logout_redirect_uris: ['https://app.example/bye'] }
  beforeEach(async () => {
    server = await testServer({
      clients: [{ ...client, scope: 'read openid' }],
      env: { SCOPES: JSON.stringify({ read: { en: `See ${evil}`, de: `Sehen ${evil}` } }) },
    })
  })
  afterEach(() => server.close())

  const authorize = (overrides: Record<string, string>, acceptLanguage?: string) => {
    const agent = request.agent(server.app)
    if (acceptLanguage !== undefined) agent.set('Accept-Language', acceptLanguage)
    return { agent, first: agent.get(`/oauth/authorize?${server.request(overrides).query()}`).redirects(1) }
  }

  it.each([
    ['de', {}, 'de-AT,de;q=0.9,en;q=0.5', '<h1>Anmelden</h1>'],
    ['ja', {}, 'en;q=0.2, ja', '<h1>サインイン</h1>'],
    ['fr', { ui_locales: 'fr-CA fr' }, 'de', '<h1>Connexion</h1>'],
    ['es', { ui_locales: 'xx es' }, 'de', '<h1>Iniciar sesión</h1>'],
    ['de', { ui_locales: '<script> _ it' }, 'de', '<h1>Anmelden</h1>'],
    ['en', { ui_locales: 'it' }, 'pt;q=0.9, *;q=0.1', '<h1>Sign in</h1>'],
    ['en', {}, 'x'.repeat(8000), '<h1>Sign in</h1>'],
    ['en', {}, undefined, '<h1>Sign in</h1>'],
  ])('is %s for ui_locales and Accept-Language %j %s', async (tag, overrides, acceptLanguage, heading) => {
    const page = await authorize(overrides, acceptLanguage).first
    expect(page.status).toBe(200)
    expect(page.text).toContain(heading)
    expect(page.text).toContain(`<html lang="${tag}" dir="ltr">`)
    expect(page.headers).toMatchObject({
      'content-language': tag,
      vary: 'Accept-Language',
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
    })
  })

  it('is Arabic from right to left', async () => {
    const page = await authorize({ ui_locales: 'ar-EG' }).first
    expect(page.text).toContain('<html lang="ar" dir="rtl">')
    expect(page.text).toContain('<h1>تسجيل الدخول</h1>')
  })

  it('stays what the client asked for on every page of the way, and markup stays text on all of them', async () => {
    const state = `state ${evil}`
    const wanted = { ui_locales: 'de', scope: 'read openid', login_hint: evil, response_mode: 'form_post', state }
    const { agent, first } = authorize(wanted, 'fr')
    const signIn = await first
    const fields = (html: string) =>
      Object.fromEntries(
        [...html.matchAll(/name="(csrf|step|account)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
      )
    const action = /action="([^"]*)"/.exec(signIn.text)?.[1] as string

    const again = await agent
      .post(action)
      .type('form')
      .send({ csrf: fields(signIn.text).csrf, step: 'login', username: evil, password: 'x' })
    expect(again.status).toBe(401)
    expect(again.text).toContain('Der Benutzername oder das Passwort ist nicht richtig.')
    const { username, password } = alice
    const consent = await agent
      .post(action)
      .type('form')
      .redirects(1)
      .send({ csrf: fields(signIn.text).csrf, step: 'login', username, password })
    expect(consent.text).toContain('Sehen &quot;&#39;&gt;&lt;b id=evil&gt;')
    expect(consent.text).toContain('Erfahren, wer Sie sind')
    const posted = await agent
      .post(action)
      .type('form')
      .send({ ...fields(consent.text), step: 'consent', answer: 'allow' })
    expect(posted.text).toContain('Zurück zu <bdi class="name">')
    const finished = await agent.get(action)
    expect(finished.text).toContain('Diese Anmeldung ist bereits abgeschlossen')
    const stale = await agent.post(action).type('form').send({ csrf: 'x' })
    expect(stale.text).toContain('Dieses Formular ist veraltet.')

    for (const page of [signIn, again, consent, posted, finished, stale]) {
      expect(page.headers['content-language']).toBe('de')
      expect(page.text).not.toContain('<b id=evil')
      expect(page.text).not.toContain('value=""')
    }
    for (const page of [signIn, again, consent, posted, finished]) expect(page.text).toContain('&lt;b id=evil&gt;')
  })

  it('is that of the pushed request, whatever the address says', async () => {
    const reference = await pushed(server, server.request({ ui_locales: 'es' }), { ui_locales: 'fr' })
    const page = await request.agent(server.app).get(`/oauth/authorize?${reference.query()}`).redirects(1)
    expect(page.headers['content-language']).toBe('es')
  })

  it('at sign-out is what the client asks for, and the form keeps it', async () => {
    const browser = server.browser()
    await browser.authorize(server.request(), { login: alice, consent: 'allow' })
    const page = await browser.get('/oauth/logout?client_id=app&ui_locales=it%20de%20%3Cb%3E')
    expect(page.text).toContain('bittet darum, Sie abzumelden')
    const end = await browser.submit(page, { answer: 'stay' })
    expect(end.text).toContain('Sie sind weiterhin angemeldet')
    expect(end.headers['content-language']).toBe('de')
  })
})

describe('an error page', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await testServer()
  })
  afterAll(() => server.close())

  it('tells a person in their language what to do, and a developer in English what was wrong', async () => {
    const wanted = server.request({ redirect_uri: 'https://evil.example', ui_locales: 'de' })
    const page = await request(server.app).get(`/oauth/authorize?${wanted.query()}`)
    expect(page.status).toBe(400)
    expect(page.headers['content-language']).toBe('de')
    expect(page.text).toContain('Bitte geben Sie dem Entwicklungsteam')
    expect(page.text).toMatch(/<dd class="words" lang="en" dir="ltr">redirect_uri [^<]+<\/dd>/)
    expect(page.text).toContain('<dt>Empfangen als redirect_uri</dt>')
    expect(page.text).toContain('<dt>Ähnlichster registrierter Wert</dt>')
    expect(page.text).toContain(page.headers['latchkey-error-id'])
  })

  it('has the words that belong to a cause, and repeats no English where it says the same', async () => {
    const path = '/interaction/AAAAAAAAAAAAAAAAAAAAAA'
    const german = await request(server.app).get(path).set('Accept-Language', 'de')
    expect(german.text).toContain('Diese Anmeldung ist vorbei oder wurde nie begonnen.')
    const english = await request(server.app).get(path)
    expect(english.text).toContain('This sign-in is over or was never begun; go back to the app and start again.')
    expect(english.text).not.toContain('Technical detail')
  })

  it('says the same of every request_uri that cannot be used', async () => {
    const query = new URLSearchParams({ client_id: 'app', request_uri: 'urn:ietf:params:oauth:request_uri:x' })
    const page = await request(server.app).get(`/oauth/authorize?${query}`).set('Accept-Language', 'fr')
    expect(page.text).toContain('Ce lien de connexion est inconnu, a expiré ou a déjà été utilisé.')
  })

  it('writes the cause, the client and no more into the log', async () => {
    const refused = server.events().filter(({ audit }) => audit === 'request.refused')
    expect(refused.length).toBeGreaterThan(0)
    expect(JSON.stringify(refused)).not.toContain('uiLocales')
  })
})
