import { decodeJwt } from 'jose'
import type { Response } from 'supertest'
import { type Browser, clientResponse } from '../helpers/browser.ts'
import { alice, bob, publicClient } from '../helpers/fixtures.ts'
import { type Form, type Pressed, readForm, readPressed, titleOf } from '../helpers/html.ts'
import type { AuthorizationRequest } from '../helpers/request.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'

const clients = [{ ...publicClient, scope: 'openid read write' }]
const AS_ALICE = 'Continue as Alice Liddell (alice)'
const ANOTHER = 'Use another account'
const byAlice = { username: alice.username, password: alice.password }
const byBob = { username: bob.username, password: bob.password }

onBothStores('the choice of an account', (store) => {
  let server: TestServer
  beforeEach(async () => {
    server = await testServer({ store, clients })
  })
  afterEach(() => server.close())

  const ask = (more: Record<string, string> = {}) =>
    server.request({ scope: 'openid read', prompt: 'select_account', ...more })
  /** A browser where the person is signed in, and has allowed what is asked for here. */
  const signedIn = async (...people: Array<typeof alice>) => {
    const browser = server.browser()
    for (const person of people) {
      await browser.authorize(ask({ prompt: 'login' }), { login: person, consent: 'allow' })
    }
    return browser
  }
  const ownerOf = async (wanted: AuthorizationRequest, answer: Response) => {
    const { body } = await server.token(wanted.redeem(clientResponse(answer).code as string))
    return decodeJwt(body.id_token).sub
  }
  const reload = (browser: Browser, page: Response) => browser.get(readForm(page.text, ['csrf'])?.action as string)

  it('is shown on prompt=select_account, without a password, and goes on at a tap (Core §3.1.2.1)', async () => {
    const browser = await signedIn(alice)
    const wanted = ask()
    const page = await browser.begin(wanted)
    expect(titleOf(page)).toBe('Choose an account')
    expect(page.text).toContain('Alice Liddell (alice)')
    expect(page.text).not.toContain('type="password"')
    expect(await ownerOf(wanted, await browser.press(page, AS_ALICE))).toBe(alice.sub)
  })

  it('leads to the sign-in page for another account, whose code the client gets', async () => {
    const browser = await signedIn(bob, alice)
    const wanted = ask()
    const page = await browser.press(await browser.begin(wanted), ANOTHER)
    expect(titleOf(page)).toBe('Sign in')
    const answer = await browser.press(page, 'Sign in', byBob)
    expect(await ownerOf(wanted, answer)).toBe(bob.sub)
  })

  it('leads back from there to the account that is signed in', async () => {
    const browser = await signedIn(alice)
    const wanted = ask()
    const page = await browser.press(await browser.begin(wanted), ANOTHER)
    expect(await ownerOf(wanted, await browser.press(page, AS_ALICE))).toBe(alice.sub)
  })

  it('is not offered to somebody who is not signed in, neither before the sign-in nor after it', async () => {
    await signedIn(alice)
    const browser = server.browser()
    const wanted = ask()
    const page = await browser.begin(wanted)
    expect(titleOf(page)).toBe('Sign in')
    expect(page.text).not.toContain('Continue as')
    expect(await ownerOf(wanted, await browser.press(page, 'Sign in', byAlice))).toBe(alice.sub)
  })

  it('is the same page after a reload, and so is every page behind it', async () => {
    const browser = await signedIn(alice)
    const choice = await browser.begin(ask({ scope: 'openid write' }))
    expect((await reload(browser, choice)).text).toBe(choice.text)
    const signIn = await browser.press(choice, ANOTHER)
    expect((await reload(browser, signIn)).text).toBe(signIn.text)
    const consent = await browser.press(signIn, AS_ALICE)
    expect(titleOf(consent)).toBe('Allow access')
    expect((await reload(browser, consent)).text).toBe(consent.text)
  })

  it('does not stand for the consent that prompt=consent asks for', async () => {
    const browser = await signedIn(alice)
    const wanted = ask({ prompt: 'select_account consent' })
    const consent = await browser.press(await browser.begin(wanted), AS_ALICE)
    expect(titleOf(consent)).toBe('Allow access')
    expect(await ownerOf(wanted, await browser.press(consent, 'Allow access'))).toBe(alice.sub)
  })

  it('is offered on the consent page to whoever sees that it is not their account', async () => {
    const browser = await signedIn(alice)
    const wanted = ask({ prompt: 'consent' })
    const signIn = await browser.press(await browser.begin(wanted), ANOTHER)
    expect(titleOf(signIn)).toBe('Sign in')
    const consent = await browser.press(signIn, 'Sign in', byBob)
    expect([titleOf(consent), consent.text.includes('Alice')]).toEqual(['Allow access', false])
    expect(await ownerOf(wanted, await browser.press(consent, 'Allow access'))).toBe(bob.sub)
  })

  it('holds for its own request only: the next one asks again', async () => {
    const browser = await signedIn(alice)
    await browser.press(await browser.begin(ask()), AS_ALICE)
    expect(titleOf(await browser.begin(ask()))).toBe('Choose an account')
  })

  it('is void once somebody else signs in: the page asks again', async () => {
    const browser = await signedIn(alice)
    const consent = await browser.press(await browser.begin(ask({ scope: 'openid write' })), AS_ALICE)
    await browser.authorize(ask({ prompt: 'login' }), { login: bob, consent: 'allow' })
    const page = await reload(browser, consent)
    expect(titleOf(page)).toBe('Choose an account')
    expect(page.text).toContain('Continue as <bdi>Bob (bob)</bdi>')
  })

  describe('prompt=login is answered by a sign-in for this very request', () => {
    it('and not by one in another tab, before or after', async () => {
      const browser = await signedIn(alice)
      const page = await browser.begin(ask({ prompt: 'login' }))
      await browser.authorize(ask({ prompt: 'login' }), { login: alice })
      expect(titleOf(await reload(browser, page))).toBe('Sign in')
      expect(clientResponse(await browser.press(page, 'Sign in', byAlice)).code).toBeDefined()
    })

    it('and not by the choice of an account', async () => {
      const browser = await signedIn(alice)
      const login = await browser.begin(ask({ prompt: 'login', scope: 'openid write' }))
      const { action, hidden } = readForm((await browser.press(login, 'Sign in', byAlice)).text, ['account']) as Form
      await browser.post(action, { ...hidden, step: 'account', answer: 'another' })
      await browser.post(action, { ...hidden, step: 'account', answer: 'this' })
      expect(titleOf(await browser.get(action))).toBe('Sign in')
    })

    it('which the page says, too: it offers no way back that would only ask for the password', async () => {
      const browser = await signedIn(alice)
      const consent = await browser.press(
        await browser.begin(ask({ prompt: 'login', scope: 'openid write' })),
        'Sign in',
        byAlice,
      )
      const page = await browser.press(consent, ANOTHER)
      expect(titleOf(page)).toBe('Sign in')
      expect(page.text).not.toContain('Continue as')
    })
  })

  describe('a consent page that stood open', () => {
    const open = async () => {
      const browser = await signedIn(alice)
      const consent = await browser.begin(ask({ prompt: 'consent' }))
      return { browser, consent, signIn: await browser.press(consent, ANOTHER) }
    }

    it('while the person switched in another tab is no yes of the other account', async () => {
      const { browser, consent, signIn } = await open()
      await browser.press(signIn, 'Sign in', byBob)
      const page = await browser.press(consent, 'Allow access')
      expect([page.headers.location, titleOf(page)]).toEqual([undefined, 'Choose an account'])
      const asked = await browser.press(page, 'Continue as Bob (bob)')
      expect(titleOf(asked)).toBe('Allow access')
      expect(asked.text).toContain('<bdi class="name">Bob</bdi>')
    })

    it('while the person switched to someone who allowed the client long ago gives nobody a code: it asks whose', async () => {
      await signedIn(bob)
      const [browser, wanted] = [server.browser(), ask({ prompt: '' })]
      const consent = await browser.press(await browser.begin(wanted), 'Sign in', byAlice)
      await browser.press(await browser.begin(ask({ prompt: 'login' })), 'Sign in', byBob)
      const page = await browser.press(consent, 'Allow access')
      expect([page.headers.location, titleOf(page)]).toEqual([undefined, 'Choose an account'])
      expect(await ownerOf(wanted, await browser.press(page, 'Continue as Bob (bob)'))).toBe(bob.sub)
    })

    it('of someone who was signed in before the request is held to them, too', async () => {
      await signedIn(bob)
      const browser = await signedIn(alice)
      const wanted = ask({ prompt: '', scope: 'openid read write' })
      const consent = await browser.begin(wanted)
      await browser.press(await browser.begin(ask({ prompt: 'login' })), 'Sign in', byBob)
      const page = await browser.press(consent, 'Allow access')
      expect([page.headers.location, titleOf(page)]).toEqual([undefined, 'Choose an account'])
    })

    it('while the person was about to switch in another tab is no yes either', async () => {
      const { browser, consent } = await open()
      const page = await browser.press(consent, 'Allow access')
      expect([page.headers.location, titleOf(page)]).toEqual([undefined, 'Sign in'])
    })
  })

  it.each([
    ['that is made up', async () => 'x'.repeat(43)],
    ['that is left out', async () => ''],
    [
      'of another request',
      async (browser: Browser) => readForm((await browser.begin(ask())).text, ['account'])?.hidden.account as string,
    ],
  ])('is not made by an account token %s', async (_what, tokenOf) => {
    const browser = await signedIn(alice)
    const page = await browser.begin(ask())
    const answered = await browser.press(page, AS_ALICE, { account: await tokenOf(browser) })
    expect(answered.headers.location).toBeUndefined()
    expect(answered.text).toBe(page.text)
  })

  it('that one person was shown is not made by the other who signed in since', async () => {
    const browser = await signedIn(alice)
    const page = await browser.begin(ask())
    await browser.authorize(ask({ prompt: 'login' }), { login: bob, consent: 'allow' })
    const answered = await browser.press(page, AS_ALICE)
    expect(titleOf(answered)).toBe('Choose an account')
    expect(answered.text).not.toContain('Alice')
  })

  it.each(['', 'This', 'yes', 'allow'])('is not made by the answer %j', async (answer) => {
    const browser = await signedIn(alice)
    const page = await browser.begin(ask())
    const { action, fields } = readPressed(page.text, AS_ALICE) as Pressed
    const refused = await browser.post(action, { ...fields, answer })
    expect(refused.status).toBe(400)
    expect(refused.text).toContain('Answer must be this or another')
  })
})
