import { useChromium, type Visitor } from '../helpers/chromium.ts'
import { openPartner, type Partner, WELCOME } from './partner.ts'
import { html, openSite, type Site } from './sites.ts'
import { allow, arrive, button, CONSENT, goToConsent, REFUSAL, SIGN_IN, signIn } from './steps.ts'

const SESSION_COOKIE = 'latchkey_session'

describe('what other sites and other browsers cannot do', () => {
  const chromium = useChromium()
  let partner: Partner
  let attacker: Site | undefined
  beforeEach(async () => {
    partner = await openPartner()
  })
  afterEach(async () => {
    await attacker?.close()
    attacker = undefined
    await partner.close()
  })

  const issued = () => partner.server.events().filter(({ audit }) => audit === 'code.issued')

  const sessionOf = async ({ context }: Visitor) =>
    (await context.cookies(partner.server.issuer)).find(({ name }) => name === SESSION_COOKIE)?.value

  // The neighbour on another port is the same site, so the browser sends our cookies along with its form.
  it.each(['localhost', '127.0.0.1'] as const)(
    'refuses the consent form that a page on %s posts by itself',
    async (host) => {
      const visitor = await chromium.visitor()
      visitor.expectError(/status of 403/)
      const { page } = visitor
      await goToConsent(page, partner.signInAddress())
      const action = page.url()
      // The attacker has found out everything that could be found out, the token of the form too.
      const csrf = await page.locator('form:has(button[value=allow]) [name=csrf]').getAttribute('value')
      const form = `<form method="post" action="${action}"><input name="csrf" value="${csrf}"><input name="step" value="consent">
      <input name="answer" value="allow"></form><script>document.forms[0].submit()</script>`
      attacker = await openSite(host, { '/': () => ({ html: html('Win a prize', form) }) })

      const tab = await visitor.newTab()
      const answers: Array<{ method: string; status: number }> = []
      tab.on('response', (response) => {
        if (response.url() === action) answers.push({ method: response.request().method(), status: response.status() })
      })
      await tab.goto(attacker.origin)
      await arrive(tab, REFUSAL)
      expect(answers).toEqual([{ method: 'POST', status: 403 }])
      await tab.getByText(attacker.origin).waitFor()
      expect(partner.callbacks).toEqual([])
      expect(issued()).toEqual([])

      // The person's own page is none the worse for it.
      await allow(page)
      await arrive(page, WELCOME)
    },
  )

  it('cannot be framed, so that nobody is led to click on Allow unseen', async () => {
    const visitor = await chromium.visitor()
    visitor.expectError(/frame-ancestors/)
    const { page } = visitor
    await goToConsent(page, partner.signInAddress())
    const frame = `<iframe title="Prize" src="${page.url()}"></iframe>`
    attacker = await openSite('127.0.0.1', { '/': () => ({ html: html('Win a prize', frame) }) })

    const tab = await visitor.newTab()
    const refusal = tab.waitForEvent('console', (message) => message.text().includes('frame-ancestors'))
    await tab.goto(attacker.origin)
    await refusal
    expect(await tab.frameLocator('iframe').getByRole('button').count()).toBe(0)
  })

  it('refuses an interaction that another browser began', async () => {
    const { page } = await chromium.visitor()
    await page.goto(partner.signInAddress())
    await arrive(page, SIGN_IN)

    const stranger = await chromium.visitor()
    stranger.expectError(/status of 403/)
    await stranger.page.goto(page.url())
    await arrive(stranger.page, REFUSAL)
    expect(await stranger.page.getByRole('textbox').count()).toBe(0)

    // Neither does it help to be signed in, with an interaction of one's own.
    await goToConsent(stranger.page, partner.signInAddress())
    await stranger.page.goto(page.url())
    await arrive(stranger.page, REFUSAL)
    expect(await stranger.page.getByRole('button').count()).toBe(0)

    await signIn(page)
    await arrive(page, CONSENT)
    expect(issued()).toEqual([])
  })

  it('gives a new session at sign-in, whatever cookie was planted before', async () => {
    const attackers = await chromium.visitor()
    await goToConsent(attackers.page, partner.signInAddress())
    const seen = (await sessionOf(attackers)) as string

    const visitor = await chromium.visitor()
    const { page, context } = visitor
    await page.goto(partner.signInAddress())
    await arrive(page, SIGN_IN)
    await context.addCookies([{ name: SESSION_COOKIE, value: seen, url: partner.server.issuer, httpOnly: true }])
    await signIn(page)
    await arrive(page, CONSENT)
    expect(await sessionOf(visitor)).toEqual(expect.any(String))
    expect(await sessionOf(visitor)).not.toBe(seen)

    // The planted session has ended: whoever knows it is signed out.
    await attackers.page.reload()
    await arrive(attackers.page, SIGN_IN)
  })

  it('hides its cookies from scripts, and from forms of other sites', async () => {
    const visitor = await chromium.visitor()
    await goToConsent(visitor.page, partner.signInAddress())
    const cookies = await visitor.context.cookies(partner.server.issuer)
    expect(cookies.map(({ name }) => name).sort()).toEqual(['latchkey_browser', 'latchkey_device', SESSION_COOKIE])
    for (const cookie of cookies) expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' })
    expect(await visitor.page.evaluate('document.cookie')).toBe('')
  })

  it('tells a person whose browser keeps no cookies that this is what is wrong', async () => {
    const { page, expectError, context } = await chromium.visitorWithoutCookies()
    expectError(/status of 403/)
    await page.goto(partner.signInAddress())
    await arrive(page, REFUSAL)
    await page.getByText('does not keep cookies').waitFor()
    expect(await button(page, 'Sign in').count()).toBe(0)
    expect(await context.cookies()).toEqual([])
  })
})
