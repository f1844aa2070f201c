import { clientResponse } from '../helpers/browser.ts'
import { alice, CLIENT_SECRET, confidentialClient, publicClient } from '../helpers/fixtures.ts'
import { pushed } from '../helpers/push.ts'
import type { AuthorizationRequest } from '../helpers/request.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'

const careful = { ...publicClient, client_id: 'careful', require_pushed_authorization_requests: true }

onBothStores('pushed authorization requests (RFC 9126)', (store) => {
  let server: TestServer
  beforeEach(async () => {
    server = await testServer({ store, clients: [publicClient, confidentialClient, careful] })
  })
  afterEach(() => server.close())

  const person = { login: alice, consent: 'allow' } as const
  const addressOf = (wanted: AuthorizationRequest) => `/oauth/authorize?${wanted.query()}`
  /** A browser that is signed in and has consented, so that the next request needs nobody. */
  const knownBrowser = async () => {
    const browser = server.browser()
    await browser.authorize(server.request({ scope: 'read write' }), person)
    return browser
  }

  it('go from the push to the tokens, with what was pushed', async () => {
    const wanted = server.request({ scope: 'read write', state: 'pushed state' })
    const answer = await server.browser().authorize(await pushed(server, wanted), person)
    expect(answer).toMatchObject({ state: 'pushed state', iss: 'http://localhost:3000', error: undefined })
    const tokens = await server.token(wanted.redeem(answer.code as string))
    expect(tokens.status).toBe(200)
    expect(tokens.body.scope).toBe('read write')
  })

  it('work for a client with a secret, which proves itself at both ends', async () => {
    const wanted = server.request({ client_id: 'backend', redirect_uri: 'https://backend.example/callback' })
    const withSecret = { ...wanted, params: { ...wanted.params, client_secret: CLIENT_SECRET } }
    const { code } = await server.browser().authorize(await pushed(server, withSecret), person)
    const tokens = await server.token(wanted.redeem(code as string, { client_secret: CLIENT_SECRET }))
    expect(tokens.status).toBe(200)
  })

  it('work for a client that must push', async () => {
    const wanted = server.request({ client_id: 'careful' })
    expect((await server.browser().authorize(await pushed(server, wanted), person)).code).toBeDefined()
  })

  it('give a code at once where nobody has to be asked', async () => {
    const browser = await knownBrowser()
    const wanted = server.request()
    const answer = clientResponse(await browser.get(addressOf(await pushed(server, wanted))))
    expect((await server.token(wanted.redeem(answer.code as string))).status).toBe(200)
  })

  it('may be opened by a form as well (RFC 6749 §3.1)', async () => {
    const { requestUri } = await pushed(server, server.request())
    const browser = server.browser()
    await browser.begin(server.request())
    const answer = await browser.post('/oauth/authorize', { client_id: 'app', request_uri: requestUri })
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toMatch(/^\/interaction\//)
  })

  it('have one id from the push to the last token, in the audit events', async () => {
    const wanted = server.request()
    const { code } = await server.browser().authorize(await pushed(server, wanted), person)
    await server.token(wanted.redeem(code as string))
    const ids = ['request.pushed', 'code.issued', 'code.redeemed'].map(
      (name) => server.events().find(({ audit }) => audit === name)?.authorization_id,
    )
    expect(new Set(ids).size).toBe(1)
    expect(ids[0]).toMatch(/^[\w-]{22}$/)
  })

  it('a denial is told to the client, and leaves nothing to open', async () => {
    const browser = server.browser()
    const wanted = await pushed(server, server.request())
    const denied = await browser.authorize(wanted, { login: alice, consent: 'deny' })
    expect(denied).toMatchObject({ error: 'access_denied', state: wanted.state })
    expect((await browser.begin(wanted)).status).toBe(400)
  })

  it('with prompt=none are refused by redirect where someone would have to be asked', async () => {
    const wanted = server.request({ prompt: 'none' })
    const answer = clientResponse(await server.browser().begin(await pushed(server, wanted)))
    expect(answer).toMatchObject({ error: 'login_required', state: wanted.state })
    const silent = clientResponse(
      await (await knownBrowser()).begin(await pushed(server, server.request({ prompt: 'none' }))),
    )
    expect(silent.code).toBeDefined()
  })

  it('are answered for good by such a refusal, whoever signs in after it', async () => {
    const browser = server.browser()
    const wanted = await pushed(server, server.request({ prompt: 'none' }))
    expect(clientResponse(await browser.begin(wanted)).error).toBe('login_required')
    expect(clientResponse(await browser.begin(wanted)).error).toBe('login_required')
    await browser.authorize(server.request(), { login: alice, consent: 'allow' })
    expect((await browser.begin(wanted)).status).toBe(400)
  })

  it('with prompt=login ask for a sign-in once, and a reload after it does not ask again', async () => {
    const browser = await knownBrowser()
    server.clock.advance({ seconds: 5 })
    const wanted = await pushed(server, server.request({ prompt: 'login' }))
    const page = await browser.begin(wanted)
    expect(page.text).toContain('name="password"')
    server.clock.advance({ seconds: 5 })
    await browser.submit(page, { username: alice.username, password: alice.password })
    expect(clientResponse(await browser.begin(wanted)).code).toBeDefined()
  })

  describe('a reload of the authorize address by the same browser', () => {
    it('leads back to the same interaction while that waits, even after the reference has expired', async () => {
      const browser = server.browser()
      const address = addressOf(await pushed(server, server.request()))
      const first = await browser.get(address)
      const { location } = first.headers
      expect(location).toMatch(/^\/interaction\//)
      server.clock.advance({ seconds: 29 * 60 })
      expect((await browser.get(address)).headers.location).toBe(location)
      server.clock.advance({ seconds: 60 })
      const late = await browser.get(address)
      expect([late.status, late.headers.location]).toEqual([400, undefined])
    })

    it('goes on after the sign-in to the consent, and to the code after that', async () => {
      const browser = server.browser()
      const wanted = await pushed(server, server.request())
      const page = await browser.begin(wanted)
      await browser.submit(page, { username: alice.username, password: alice.password })
      const consent = await browser.begin(wanted)
      const answer = clientResponse(await browser.submit(consent, { answer: 'allow' }))
      expect(clientResponse(await browser.begin(wanted)).code).toBe(answer.code)
      expect((await server.token(wanted.redeem(answer.code as string))).status).toBe(200)
      expect((await browser.begin(wanted)).status).toBe(400)
    })

    it('gives the same code until that is redeemed, and then nothing', async () => {
      const browser = await knownBrowser()
      const wanted = await pushed(server, server.request())
      const codes = [await browser.begin(wanted), await browser.begin(wanted)].map((page) => clientResponse(page).code)
      expect(codes[0]).toBe(codes[1])
      expect((await server.token(wanted.redeem(codes[0] as string))).status).toBe(200)
      const spent = await browser.begin(wanted)
      expect([spent.status, spent.headers.location]).toEqual([400, undefined])
      expect(spent.text).toContain('request_uri')
    })

    it('gives no second code once the first has expired or was burnt', async () => {
      const browser = await knownBrowser()
      const [expired, burnt] = [await pushed(server, server.request()), await pushed(server, server.request())]
      const { code } = clientResponse(await browser.begin(burnt))
      await server.token(burnt.redeem(code as string, { code_verifier: 'x'.repeat(43) }))
      expect((await browser.begin(burnt)).status).toBe(400)
      await browser.begin(expired)
      server.clock.advance({ seconds: 60 })
      expect((await browser.begin(expired)).status).toBe(400)
    })
  })

  it('can be opened for a minute', async () => {
    const [inTime, late] = [await pushed(server, server.request()), await pushed(server, server.request())]
    server.clock.advance({ seconds: 59 })
    expect((await server.browser().begin(inTime)).status).toBe(200)
    server.clock.advance({ seconds: 1 })
    const answer = await server.browser().begin(late)
    expect([answer.status, answer.headers.location, answer.headers['set-cookie']]).toEqual([400, undefined, undefined])
  })

  it('can be opened for as long as PUSHED_REQUEST_TTL says', async () => {
    const patient = await testServer({ store, env: { PUSHED_REQUEST_TTL: '600' } })
    const wanted = await pushed(patient, patient.request())
    patient.clock.advance({ seconds: 599 })
    expect((await patient.browser().begin(wanted)).status).toBe(200)
    await patient.close()
  })

  it('end where the client or its redirect URI is no longer registered (§4)', async () => {
    const wanted = await pushed(server, server.request())
    await server.deps.reload({
      ...server.config,
      clients: server.config.clients.map((client) => ({ ...client, redirect_uris: ['https://app.example/new'] })),
    })
    const answer = await server.browser().begin(wanted)
    expect([answer.status, answer.headers.location]).toEqual([400, undefined])
  })
})
