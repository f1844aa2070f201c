import { decodeJwt } from 'jose'
import { clientResponse } from '../helpers/browser.ts'
import { alice, bob, publicClient } from '../helpers/fixtures.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'

const ISSUER = 'http://localhost:3000'
const clients = [{ ...publicClient, scope: 'openid email' }]

onBothStores('prompt, max_age and the hints (OpenID Connect Core §3.1.2.1)', (store) => {
  let server: TestServer
  beforeEach(async () => {
    server = await testServer({ store, clients, users: [alice, bob] })
  })
  afterEach(() => server.close())

  const ask = (overrides: Record<string, string | undefined> = {}) => server.request({ scope: 'openid', ...overrides })
  const signedIn = async () => {
    const browser = server.browser()
    await browser.authorize(ask(), { login: alice, consent: 'allow' })
    server.clock.advance({ seconds: 10 })
    return browser
  }

  it('none: answers at once or not at all', async () => {
    const nobody = clientResponse(await server.browser().begin(ask({ prompt: 'none' })))
    expect(nobody).toMatchObject({ error: 'login_required', iss: ISSUER })
    const browser = await signedIn()
    expect(clientResponse(await browser.begin(ask({ prompt: 'none' }))).code).toBeDefined()
    const more = clientResponse(await browser.begin(ask({ prompt: 'none', scope: 'openid email' })))
    expect(more.error).toBe('consent_required')
  })

  it.each([{ prompt: 'login' }, { max_age: '5' }, { max_age: '0' }])(
    '%j: asks for the password again, once',
    async (more) => {
      const browser = await signedIn()
      const page = await browser.begin(ask(more))
      expect(page.text).toContain('name="password"')
      server.clock.advance({ seconds: 1 })
      const end = clientResponse(await browser.submit(page, { username: alice.username, password: alice.password }))
      expect(end.code).toBeDefined()
    },
  )

  it('max_age that is not over: asks nothing, and tells when it was', async () => {
    const browser = await signedIn()
    const wanted = ask({ max_age: '3600' })
    const { code } = clientResponse(await browser.begin(wanted))
    const { body } = await server.token(wanted.redeem(code as string))
    expect(decodeJwt(body.id_token).auth_time).toBe(Math.floor(server.clock.now() / 1000) - 10)
  })

  it('consent: asks for consent again although it is remembered', async () => {
    const browser = await signedIn()
    const page = await browser.begin(ask({ prompt: 'consent' }))
    expect(page.text).toContain('name="answer"')
    expect(clientResponse(await browser.submit(page, { answer: 'allow' })).code).toBeDefined()
  })

  it('fills the hint into the form', async () => {
    const page = await server.browser().begin(ask({ login_hint: 'alice"><script>' }))
    expect(page.text).toContain('value="alice&quot;&gt;&lt;script&gt;"')
  })

  it('an id_token_hint names who it must be (Core §3.1.2.2)', async () => {
    const wanted = ask()
    const hint = (await server.token(wanted.redeem(await server.code(wanted)))).body.id_token
    const browser = await signedIn()
    expect(clientResponse(await browser.begin(ask({ id_token_hint: hint, prompt: 'none' }))).code).toBeDefined()
    const other = server.browser()
    await other.authorize(ask(), { login: bob, consent: 'allow' })
    const refused = clientResponse(await other.begin(ask({ id_token_hint: hint, prompt: 'none' })))
    expect(refused.error).toBe('login_required')
    const page = await other.begin(ask({ id_token_hint: hint }))
    expect(page.text).toContain('name="password"')
  })
})
