import type request from 'supertest'
import { clientResponse } from '../helpers/browser.ts'
import { alice, briefClient, publicClient } from '../helpers/fixtures.ts'
import { pushed } from '../helpers/push.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'

const PREFIX = 'urn:ietf:params:oauth:request_uri:'

onBothStores('attacks on pushed requests', (store) => {
  let server: TestServer
  beforeEach(async () => {
    server = await testServer({ store, clients: [publicClient, briefClient] })
  })
  afterEach(() => server.close())

  /** A page, no redirect, no cookie, the same words for everything; the log alone knows why. */
  const expectRefused = (answer: request.Response, cause: string) => {
    expect(answer.status).toBe(400)
    expect(answer.headers['content-type']).toMatch(/^text\/html/)
    expect(answer.headers.location).toBeUndefined()
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(answer.text).toContain('request_uri is unknown, expired or was used before')
    const line = server.logs().find(({ error_id }) => error_id === answer.headers['latchkey-error-id'])
    expect(line).toMatchObject({ error: 'invalid_request_uri', cause })
  }
  const open = (params: Record<string, string>, browser = server.browser()) =>
    browser.get(`/oauth/authorize?${new URLSearchParams(params)}`)
  const inParallel = <T>(times: number, call: () => Promise<T>) => Promise.all(Array.from({ length: times }, call))
  const knownBrowser = async () => {
    const browser = server.browser()
    await browser.authorize(server.request(), { login: alice, consent: 'allow' })
    return browser
  }

  it('A request_uri is guessed: without the server’s proof even the right id is none', async () => {
    const { requestUri } = await pushed(server, server.request())
    const [id = ''] = requestUri.slice(PREFIX.length).split('.')
    const other = (await pushed(server, server.request())).requestUri.split('.')[1]
    for (const guess of [id, `${id}.${'A'.repeat(43)}`, `${id}.${other}`, '', '*', `${id}}.x{`, '../../interaction']) {
      expectRefused(await open({ client_id: 'app', request_uri: PREFIX + guess }), 'forged-request-uri')
    }
    expect((await open({ client_id: 'app', request_uri: requestUri })).status).toBe(302)
  })

  it('The id of an interaction, which stands in addresses and logs, is made a request_uri', async () => {
    const { location } = (await open(server.request().params)).headers
    const id = (location as string).split('/').pop()
    expectRefused(await open({ client_id: 'app', request_uri: `${PREFIX}${id}` }), 'forged-request-uri')
  })

  it('Another client uses the reference, or a client puts its name on another’s: refused, and it stays good', async () => {
    const { requestUri } = await pushed(server, server.request())
    expectRefused(await open({ client_id: 'brief', request_uri: requestUri }), 'foreign-request-uri')
    expectRefused(await open({ client_id: 'nobody', request_uri: requestUri }), 'foreign-request-uri')
    const browser = server.browser()
    expect((await open({ client_id: 'app', request_uri: requestUri }, browser)).status).toBe(302)
    expectRefused(await open({ client_id: 'brief', request_uri: requestUri }), 'foreign-request-uri')
    expect((await open({ client_id: 'app', request_uri: requestUri }, browser)).status).toBe(302)
  })

  it('The reference comes without a client_id (RFC 9126 §4): refused', async () => {
    const { requestUri } = await pushed(server, server.request())
    const answer = await open({ request_uri: requestUri })
    expect([answer.status, answer.headers.location]).toEqual([400, undefined])
    expect(answer.text).toContain('client_id')
  })

  it('The attacker appends a redirect_uri, state, scope and more of his own: only what was pushed counts', async () => {
    const wanted = server.request({ scope: 'read', state: 'the state of the client' })
    const appended = {
      redirect_uri: 'https://evil.example/callback',
      state: 'the state of the attacker',
      scope: 'read write',
      response_type: 'token',
      response_mode: 'form_post',
      code_challenge: 'A'.repeat(43),
      code_challenge_method: 'plain',
      resource: 'https://evil.example/api',
      request: 'eyJhbGciOiJub25lIn0.e30.',
      prompt: 'none',
    }
    const tampered = await pushed(server, wanted, appended)
    const answer = await server.browser().authorize(tampered, { login: alice, consent: 'allow' })
    expect(answer.location).toMatch(/^https:\/\/app\.example\/callback\?/)
    expect(answer.state).toBe('the state of the client')
    const { body } = await server.token(wanted.redeem(answer.code as string))
    expect(body.scope).toBe('read')
  })

  it('The attacker appends a second request_uri, so that two readers see two: refused', async () => {
    const { requestUri, query } = await pushed(server, server.request())
    const answer = await server
      .browser()
      .get(`/oauth/authorize?${query()}&request_uri=${encodeURIComponent(requestUri)}`)
    expect([answer.status, answer.headers.location]).toEqual([400, undefined])
  })

  it('The attacker opens the request first and sends the victim the link: the victim’s browser is refused', async () => {
    const wanted = await pushed(server, server.request())
    const attacker = server.browser()
    const page = await attacker.begin(wanted)
    expect(page.text).toContain('name="password"')
    expectRefused(await (await knownBrowser()).begin(wanted), 'foreign-browser')
    expect((await attacker.begin(wanted)).text).toContain('name="password"')
  })

  it('The link leaks from the victim’s history: another browser gets nothing, before the answer and after', async () => {
    const wanted = await pushed(server, server.request())
    const victim = server.browser()
    await victim.begin(wanted)
    expectRefused(await server.browser().begin(wanted), 'foreign-browser')
    const { code } = await victim.authorize(wanted, { login: alice, consent: 'allow' })
    expectRefused(await (await knownBrowser()).begin(wanted), 'foreign-browser')
    expect((await server.token(wanted.redeem(code as string))).status).toBe(200)
    expectRefused(await server.browser().begin(wanted), 'foreign-browser')
  })

  it('The same browser replays the link once its code is spent: refused, and the tokens stand', async () => {
    const browser = await knownBrowser()
    const wanted = await pushed(server, server.request())
    const { code } = clientResponse(await browser.begin(wanted))
    const { body } = await server.token(wanted.redeem(code as string))
    for (let times = 0; times < 3; times++) {
      const answer = await browser.begin(wanted)
      expect([answer.status, answer.headers.location]).toEqual([400, undefined])
      expect(answer.text).toContain('request_uri is unknown, expired or was used before')
    }
    const refresh = { grant_type: 'refresh_token', client_id: 'app', refresh_token: body.refresh_token }
    expect((await server.token(refresh)).status).toBe(200)
  })

  it('Fifty uses at once in a signed-in browser: one code, issued once, redeemed once', async () => {
    const browser = await knownBrowser()
    const wanted = await pushed(server, server.request())
    const answers = await inParallel(50, () => browser.get(`/oauth/authorize?${wanted.query()}`))
    const codes = new Set(answers.map((answer) => clientResponse(answer).code))
    expect(codes.size).toBe(1)
    const [code] = [...codes] as [string]
    const issued = server.events().filter((event) => event.audit === 'code.issued')
    expect(issued.filter(({ authorization_id }) => code.includes(String(authorization_id)))).toHaveLength(1)
    const redemptions = await inParallel(10, () => server.token(wanted.redeem(code)))
    expect(redemptions.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('Fifty uses at once in a browser that must sign in: one interaction', async () => {
    const browser = server.browser()
    // The browser has its secret already; a first-time visitor has none until the first answer.
    await browser.begin(server.request())
    const wanted = await pushed(server, server.request())
    const answers = await inParallel(50, () => browser.get(`/oauth/authorize?${wanted.query()}`))
    const locations = new Set(answers.map(({ headers }) => headers.location))
    expect(locations.size).toBe(1)
    expect([...locations][0]).toMatch(/^\/interaction\/[\w-]{22}\?client_id=app$/)
  })

  it('Fifty browsers at once: one gets the interaction, the others nothing', async () => {
    const wanted = await pushed(server, server.request())
    const answers = await inParallel(50, () => server.browser().get(`/oauth/authorize?${wanted.query()}`))
    expect(answers.filter(({ status }) => status === 302)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(49)
  })

  it('A request_uri of elsewhere is to make the server fetch it (CVE-2020-10770): nobody fetches', async () => {
    const answer = await open({ ...server.request().params, request_uri: 'http://169.254.169.254/latest' })
    expect(clientResponse(answer).error).toBe('request_uri_not_supported')
  })

  it('A reload of the clients takes the redirect URI away while the request waits: nobody is sent there', async () => {
    const wanted = await pushed(server, server.request())
    await server.deps.reload({ ...server.config, clients: [] })
    expectRefused(await server.browser().begin(wanted), 'client-gone')
  })
})
