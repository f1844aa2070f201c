import { decodeJwt } from 'jose'
import request from 'supertest'
import { type Browser, clientResponse } from '../helpers/browser.ts'
import { alice, briefClient, CLIENT_SECRET, confidentialClient, publicClient } from '../helpers/fixtures.ts'
import { titleOf } from '../helpers/html.ts'
import type { AuthorizationRequest } from '../helpers/request.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'

const scope = 'openid profile email read write'
const LOOPBACK = 'http://127.0.0.1/callback'
const clients = [
  { ...publicClient, scope },
  { ...publicClient, client_id: 'choosing', scope, consent: 'granular' },
  {
    ...publicClient,
    client_id: 'own',
    scope,
    consent: 'implicit',
    redirect_uris: [...publicClient.redirect_uris, LOOPBACK],
  },
  briefClient,
  { ...confidentialClient, client_id: 'gateway', introspection: 'any' },
]
const person = { ...alice, email: 'alice@example.com' }
const ALLOW = 'Allow access'
const READ = 'See your things'
const WRITE = 'Change your things'

onBothStores('consent', (store) => {
  let server: TestServer
  beforeEach(async () => {
    server = await testServer({ store, clients, users: [person] })
  })
  afterEach(() => server.close())

  const signIn = async (wanted: AuthorizationRequest, browser = server.browser()) => {
    const page = await browser.press(await browser.begin(wanted), 'Sign in', person)
    return { browser, page }
  }
  const redeem = async (wanted: AuthorizationRequest, code: string | undefined) =>
    (await server.token(wanted.redeem(code as string))).body as Record<string, string>
  const allow = async (
    wanted: AuthorizationRequest,
    browser: Browser,
    changes: Record<string, string | undefined> = {},
  ) => {
    const answer = await browser.press(await browser.begin(wanted), ALLOW, changes)
    return redeem(wanted, clientResponse(answer).code)
  }
  const scopeAtApi = async (token = '') => {
    const form = { token, client_id: 'gateway', client_secret: CLIENT_SECRET }
    return (await request(server.app).post('/oauth/introspect').type('form').send(form)).body.scope
  }

  it('leaves out what was unticked, whatever was allowed in another tab meanwhile', async () => {
    const ask = () => server.request({ client_id: 'choosing', scope: 'read write' })
    const first = ask()
    const { browser, page } = await signIn(first)
    expect((await allow(ask(), browser)).scope).toBe('read write')
    const answer = await browser.press(page, ALLOW, { 'scope:write': undefined })
    expect((await redeem(first, clientResponse(answer).code)).scope).toBe('read')
    expect(titleOf(await browser.begin(ask()))).toBe('Allow access')
  })

  it('keeps what was allowed before, for a client whose people may choose', async () => {
    const ask = (scope: string) => server.request({ client_id: 'choosing', scope })
    const { browser, page } = await signIn(ask('read'))
    await browser.press(page, ALLOW)
    expect((await allow(ask('read write'), browser, { 'scope:write': undefined })).scope).toBe('read')
    expect((await allow(ask('read write'), browser)).scope).toBe('read write')
  })

  it('to nothing but staying connected is asked for again', async () => {
    const ask = (scope: string) => server.request({ client_id: 'choosing', scope })
    const { browser, page } = await signIn(ask('read offline_access'))
    await browser.press(page, ALLOW)
    const answer = await browser.press(await browser.begin(ask('write offline_access')), ALLOW, {
      'scope:write': undefined,
    })
    expect([answer.status, answer.headers.location]).toEqual([400, undefined])
  })

  describe('to a client that lets people choose', () => {
    const ask = (more: Record<string, string> = {}) =>
      server.request({ client_id: 'choosing', scope: 'read write', ...more })
    const without = (...names: string[]) => Object.fromEntries(names.map((name) => [`scope:${name}`, undefined]))
    const firstYes = async (wanted: AuthorizationRequest, changes: Record<string, string | undefined>) => {
      const { browser, page } = await signIn(wanted)
      const answer = await browser.press(page, ALLOW, changes)
      return { browser, tokens: await redeem(wanted, clientResponse(answer).code) }
    }

    it('may leave a scope out: the token does without it, at every API too', async () => {
      const { tokens } = await firstYes(ask(), without('write'))
      expect(tokens.scope).toBe('read')
      expect(await scopeAtApi(tokens.access_token)).toBe('read')
      const form = { grant_type: 'refresh_token', client_id: 'choosing', refresh_token: tokens.refresh_token as string }
      const refreshed = (await server.token(form)).body
      expect(refreshed.scope).toBe('read')
      const wider = await server.token({ ...form, refresh_token: refreshed.refresh_token, scope: 'read write' })
      expect([wider.status, wider.body.error]).toEqual([400, 'invalid_scope'])
    })

    it('is remembered as it was given, and asked again only for what is new', async () => {
      const { browser } = await firstYes(ask(), without('write'))
      expect(clientResponse(await browser.begin(ask({ scope: 'read' }))).code).toBeDefined()
      const page = await browser.begin(ask())
      expect(page.text).toContain('name="scope:write"')
      expect(page.text).not.toContain('type="checkbox" name="scope:read"')
      expect(page.text.split('It already can')[1]).toContain(READ)
      expect(clientResponse(await browser.begin(ask({ prompt: 'none' }))).error).toBe('consent_required')
    })

    it('may be taken back where all of it is asked again', async () => {
      const { browser } = await firstYes(ask(), {})
      expect((await allow(ask({ prompt: 'consent' }), browser, without('write'))).scope).toBe('read')
      expect(clientResponse(await browser.begin(ask({ scope: 'read' }))).code).toBeDefined()
      expect((await browser.begin(ask({ scope: 'write' }))).text).toContain('name="scope:write"')
    })

    it('needs one thing at least: everything left out is no answer, and nothing is issued', async () => {
      const { browser, page } = await signIn(ask())
      const events = server.events().length
      const again = await browser.press(page, ALLOW, without('read', 'write'))
      expect([again.status, again.headers.location]).toEqual([400, undefined])
      expect(again.text).toContain('Choose at least one thing that it may do, or cancel.')
      expect(again.text).not.toContain(' checked')
      expect(server.events()).toHaveLength(events)
      const next = await browser.press(again, ALLOW, { 'scope:read': 'yes' })
      expect(clientResponse(next).code).toBeDefined()
    })

    it('keeps the sign-in itself: openid cannot be left out', async () => {
      const wanted = ask({ scope: 'openid read write' })
      const { browser, page } = await signIn(wanted)
      expect(page.text).toContain('Know who you are')
      expect(page.text).not.toContain('name="scope:openid"')
      const answer = await browser.press(page, ALLOW, { ...without('read', 'write'), 'scope:openid': 'no' })
      const tokens = await redeem(wanted, clientResponse(answer).code)
      expect([tokens.scope, decodeJwt(tokens.id_token as string).sub]).toEqual(['openid', alice.sub])
    })

    it('leaves out single claims with the scope they belong to', async () => {
      const claims = JSON.stringify({ id_token: { email: null, name: null }, userinfo: { email: null } })
      const wanted = ask({ scope: 'openid read', claims })
      const { tokens } = await firstYes(wanted, without('email'))
      const idToken = decodeJwt(tokens.id_token as string)
      expect([idToken.name, idToken.email]).toEqual(['Alice Liddell', undefined])
      const userinfo = await request(server.app)
        .get('/oauth/userinfo')
        .set('Authorization', `Bearer ${tokens.access_token}`)
      expect(userinfo.body).toEqual({ sub: alice.sub })
    })

    it.each([
      ['no', 'read'],
      ['on', 'read'],
      ['', 'read'],
    ])('takes the tick %j for none', async (tick, left) => {
      expect((await firstYes(ask(), { 'scope:write': tick })).tokens.scope).toBe(left)
    })

    it('gives nothing that was not asked for, whatever fields are posted', async () => {
      const evil = { 'scope:evil': 'yes', 'scope:write': 'yes', scope: 'write', 'scope:openid': 'yes' }
      expect((await firstYes(ask({ scope: 'read' }), evil)).tokens.scope).toBe('read')
    })

    it('posted twice, the second time with more, gives what the first one said', async () => {
      const wanted = ask()
      const { browser, page } = await signIn(wanted)
      const first = clientResponse(await browser.press(page, ALLOW, without('write')))
      const second = clientResponse(await browser.press(page, ALLOW))
      expect(second.code).toBe(first.code)
      expect((await redeem(wanted, second.code)).scope).toBe('read')
      expect((await browser.begin(ask())).text).toContain('name="scope:write"')
    })
  })

  it('to any other client is for all or nothing, whatever fields are posted', async () => {
    const wanted = server.request({ scope: 'read write' })
    const { browser, page } = await signIn(wanted)
    expect(page.text).not.toContain('checkbox')
    const answer = await browser.press(page, ALLOW, { 'scope:read': 'no', 'scope:write': '' })
    expect((await redeem(wanted, clientResponse(answer).code)).scope).toBe('read write')
  })

  describe('to a client of the operator’s own', () => {
    const ask = (more: Record<string, string> = {}) => server.request({ client_id: 'own', scope, ...more })

    it('is not asked for, at the first sign-in or after it', async () => {
      const wanted = ask()
      const { browser, page } = await signIn(wanted)
      expect((await redeem(wanted, clientResponse(page).code)).scope).toBe(scope)
      expect(clientResponse(await browser.begin(ask({ prompt: 'none' }))).code).toBeDefined()
    })

    it('is asked for where the client wants it: prompt=consent', async () => {
      const { browser } = await signIn(ask())
      expect(titleOf(await browser.begin(ask({ prompt: 'consent' })))).toBe(ALLOW)
    })

    it('is asked for where any program could pose as it (RFC 8252 §8.6)', async () => {
      const { browser } = await signIn(ask())
      const there = { redirect_uri: 'http://127.0.0.1:5000/callback' }
      expect(titleOf(await browser.begin(ask(there)))).toBe(ALLOW)
      expect(clientResponse(await browser.begin(ask({ ...there, prompt: 'none' }))).error).toBe('consent_required')
    })
  })

  describe('that was given before', () => {
    const givenBefore = async () => {
      const browser = server.browser()
      await browser.authorize(server.request({ scope: 'read' }), { login: person, consent: 'allow' })
      return browser
    }
    const partsOf = (page: string) => page.split('It already can') as [string, string | undefined]

    it('is told apart from what is new, and the token has both', async () => {
      const browser = await givenBefore()
      const wanted = server.request({ scope: 'read write' })
      const [fresh, known] = partsOf((await browser.begin(wanted)).text)
      expect(fresh).toContain('It will also be able to')
      expect([fresh.includes(WRITE), fresh.includes(READ)]).toEqual([true, false])
      expect([known?.includes(WRITE), known?.includes(READ)]).toEqual([false, true])
      expect((await allow(wanted, browser)).scope).toBe('read write')
      expect(clientResponse(await browser.begin(server.request({ scope: 'read write' }))).code).toBeDefined()
    })

    it('is asked for anew, all of it, by prompt=consent', async () => {
      const browser = await givenBefore()
      const page = await browser.begin(server.request({ scope: 'read write', prompt: 'consent' }))
      const [fresh, known] = partsOf(page.text)
      expect([fresh.includes(WRITE), fresh.includes(READ), known]).toEqual([true, true, undefined])
    })

    it('stays as it was where the new is refused', async () => {
      const browser = await givenBefore()
      const page = await browser.begin(server.request({ scope: 'read write' }))
      expect(clientResponse(await browser.press(page, 'Cancel')).error).toBe('access_denied')
      expect(clientResponse(await browser.begin(server.request({ scope: 'read' }))).code).toBeDefined()
    })
  })

  it('says how long the access lasts: until the client is disconnected, or as long as one token', async () => {
    const { page } = await signIn(server.request())
    expect(page.text).toContain('<dd>Until you disconnect it, 365 days at most</dd>')
    const brief = { client_id: 'brief', redirect_uri: briefClient.redirect_uris[0] as string }
    expect((await signIn(server.request(brief))).page.text).toContain('<dd>1 hour</dd>')
  })
})

onBothStores('consent for several APIs', (store) => {
  const MAIL = 'https://mail.example/api'
  const FILES = 'https://files.example/api'
  let server: TestServer
  beforeEach(async () => {
    const resources = { [MAIL]: { scopes: 'read', access_token_ttl: 300 }, [FILES]: { scopes: 'read write' } }
    server = await testServer({
      store,
      clients: [briefClient],
      env: { RESOURCES: JSON.stringify(resources), DEFAULT_RESOURCE: FILES },
    })
  })
  afterEach(() => server.close())

  const pageFor = async (...resources: string[]) => {
    const wanted = server.request({ client_id: 'brief', redirect_uri: briefClient.redirect_uris[0] as string })
    const named = resources.map((uri) => `&resource=${encodeURIComponent(uri)}`).join('')
    const browser = server.browser()
    const signIn = await browser.begin({ ...wanted, query: () => wanted.query() + named })
    return (await browser.press(signIn, 'Sign in', alice)).text
  }

  it('names them, and how long the longest-lived token is good for', async () => {
    const mail = await pageFor(MAIL)
    expect([mail.includes('mail.example/api'), mail.includes('files.example')]).toEqual([true, false])
    expect(mail).toContain('<dd>5 minutes</dd>')
    const both = await pageFor(MAIL, FILES)
    expect(both).toMatch(
      /<dt>Where<\/dt>\s*<dd>.*mail\.example\/api<\/bdi><\/dd>\s*<dd>.*files\.example\/api<\/bdi><\/dd>/,
    )
    expect(both).toContain('<dd>1 hour</dd>')
  })
})
