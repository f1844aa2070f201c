import type { Response } from 'supertest'
import { type Browser, clientResponse } from '../helpers/browser.ts'
import { alice, bob, CLIENT_SECRET, confidentialClient, publicClient } from '../helpers/fixtures.ts'
import { type Form, type Pressed, readForm, readPressed, titleOf } from '../helpers/html.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'

const SCHEME = 'com.example.app:/callback'
const APP_LINK = 'https://app.example/callback'
const TO_THE_APP = 'Continue to the app'

const clients = [
  { ...confidentialClient, client_id: 'keeper', redirect_uris: [SCHEME] },
  { ...publicClient, client_id: 'linked', redirect_uris: [APP_LINK], application_type: 'native' },
  publicClient,
]

/** A client whose redirect opens an installed app, and how it redeems a code. */
const OPENING = [
  ['a private-use scheme', { client_id: 'keeper', redirect_uri: SCHEME }, { client_secret: CLIENT_SECRET }],
  ['an https address of a native client', { client_id: 'linked', redirect_uri: APP_LINK }, {}],
] as const

onBothStores('opening an installed app', (store) => {
  let server: TestServer
  beforeEach(async () => {
    server = await testServer({ store, clients })
  })
  afterEach(() => server.close())

  describe.each(OPENING)('at %s', (_where, client, secret) => {
    const ask = (more: Record<string, string> = {}) => server.request({ ...client, ...more })
    const signedIn = async () => {
      const browser = server.browser()
      await browser.authorize(ask(), { login: alice, consent: 'allow' })
      return browser
    }
    /** The redirect to the app, as it leaves the page. */
    const tap = async (browser: Browser, page: Response) => {
      const { action, fields } = readPressed(page.text, 'Continue') as Pressed
      return browser.post(action, fields)
    }

    it('needs a tap where nothing is left to ask, and leaves by 303 with the code', async () => {
      const browser = await signedIn()
      const wanted = ask()
      const page = await browser.begin(wanted)
      expect([page.status, titleOf(page)]).toEqual([200, TO_THE_APP])
      expect(page.text).toContain('Alice Liddell (alice)')
      const answer = await tap(browser, page)
      expect([answer.status, answer.headers['cache-control']]).toEqual([303, 'no-store'])
      expect(answer.headers.location).toMatch(new RegExp(`^${client.redirect_uri}\\?code=`))
      const { code, state } = clientResponse(answer)
      expect(state).toBe(wanted.state)
      expect((await server.token(wanted.redeem(code as string, secret))).body.scope).toBe('read')
    })

    it('makes the code at the tap, so that it is fresh however long the page stood', async () => {
      const browser = await signedIn()
      const wanted = ask()
      const page = await browser.begin(wanted)
      server.clock.advance({ seconds: 300 })
      const { code } = clientResponse(await tap(browser, page))
      server.clock.advance({ seconds: 59 })
      expect((await server.token(wanted.redeem(code as string, secret))).status).toBe(200)
    })

    it('needs no tap for a request that must show nothing', async () => {
      const browser = await signedIn()
      expect(clientResponse(await browser.begin(ask({ prompt: 'none' }))).code).toBeDefined()
    })

    it('needs no further tap after a sign-in, a choice or a consent', async () => {
      await signedIn()
      const browser = server.browser()
      const signedInNow = await browser.press(await browser.begin(ask()), 'Sign in', alice)
      expect(clientResponse(signedInNow).code).toBeDefined()
      const choice = await browser.begin(ask({ prompt: 'select_account' }))
      expect(clientResponse(await browser.press(choice, 'Continue as Alice Liddell (alice)')).code).toBeDefined()
      const consent = await browser.begin(ask({ scope: 'read write' }))
      expect(clientResponse(await browser.press(consent, 'Allow access')).code).toBeDefined()
    })

    it('can be cancelled', async () => {
      const browser = await signedIn()
      const page = await browser.begin(ask())
      const { error, code } = clientResponse(await browser.press(page, 'Cancel'))
      expect([error, code]).toEqual(['access_denied', undefined])
      const late = await browser.press(page, 'Continue')
      expect(clientResponse(late).error).toBe('access_denied')
    })

    it('tapped twice gives one code, and once that is used says that it is finished', async () => {
      const browser = await signedIn()
      const wanted = ask()
      const page = await browser.begin(wanted)
      const first = clientResponse(await tap(browser, page)).code as string
      expect(clientResponse(await tap(browser, page)).code).toBe(first)
      expect((await server.token(wanted.redeem(first, secret))).status).toBe(200)
      const after = await tap(browser, page)
      expect([after.headers.location, titleOf(after)]).toEqual([undefined, 'Already finished'])
    })

    it('is the same page after a reload, and never opens the app by GET', async () => {
      const browser = await signedIn()
      const page = await browser.begin(ask())
      const { action, fields } = readPressed(page.text, 'Continue') as Pressed
      const reloaded = await browser.get(`${action}&${new URLSearchParams(fields)}`)
      expect([reloaded.headers.location, reloaded.text]).toEqual([undefined, page.text])
    })

    it('is not opened by a tap of who was shown another account', async () => {
      const browser = await signedIn()
      const page = await browser.begin(ask())
      await browser.authorize(ask({ prompt: 'login' }), { login: bob, consent: 'allow' })
      const answer = await browser.press(page, 'Continue')
      expect([answer.headers.location, titleOf(answer)]).toEqual([undefined, 'Choose an account'])
      expect(answer.text).toContain('Bob (bob)')
    })

    it('is not opened by a tap where something is left to ask', async () => {
      const browser = await signedIn()
      const consent = await browser.begin(ask({ scope: 'read write' }))
      const { action, hidden } = readForm(consent.text, ['account']) as Form
      await browser.post(action, { ...hidden, step: 'continue' })
      expect(titleOf(await browser.get(action))).toBe('Allow access')
    })

    it('leads to the sign-in page for whoever sees that it is not their account', async () => {
      const browser = await signedIn()
      const page = await browser.press(await browser.begin(ask()), 'Use another account')
      expect(titleOf(page)).toBe('Sign in')
      expect(clientResponse(await browser.press(page, 'Continue as Alice Liddell (alice)')).code).toBeDefined()
    })
  })

  it('is for apps alone: a page gets its code without a tap', async () => {
    const browser = server.browser()
    await browser.authorize(server.request(), { login: alice, consent: 'allow' })
    expect(clientResponse(await browser.begin(server.request())).code).toBeDefined()
  })
})
