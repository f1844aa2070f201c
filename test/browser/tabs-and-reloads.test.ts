import { useChromium } from '../helpers/chromium.ts'
import { alice, bob } from '../helpers/fixtures.ts'
import { openPartner, type Partner, WELCOME } from './partner.ts'
import { allow, arrive, button, CONSENT, FINISHED, goToConsent, REFUSAL, SIGN_IN, signIn } from './steps.ts'

const DAY_SECONDS = 86_400

describe('what people do with tabs, reloads and the back button', () => {
  const chromium = useChromium()
  let partner: Partner
  beforeEach(async () => {
    partner = await openPartner()
  })
  afterEach(() => partner.close())

  const codes = () => partner.callbacks.map((callback) => callback.get('code'))
  const issued = () => partner.server.events().filter(({ audit }) => audit === 'code.issued')

  it('goes on after a reload of every page', async () => {
    const { page, expectError } = await chromium.visitor()
    expectError(/status of 401/)
    await page.goto(partner.signInAddress())
    await page.reload()
    await signIn(page, { username: alice.username, password: 'wrong' })
    await page.getByRole('alert').waitFor()
    await page.reload()
    await page.getByRole('alert').waitFor()
    await signIn(page)
    await arrive(page, CONSENT)
    const address = page.url()
    await page.reload()
    await arrive(page, CONSENT)
    await allow(page)
    await arrive(page, WELCOME)

    await page.goto(address)
    await arrive(page, FINISHED)
    await page.reload()
    await arrive(page, FINISHED)
    expect(issued()).toHaveLength(1)
  })

  it('takes the answer of a page that was loaded again in another tab meanwhile', async () => {
    const { page, newTab } = await chromium.visitor()
    const twin = await newTab()
    await page.goto(partner.signInAddress())
    await twin.goto(page.url())
    await arrive(twin, SIGN_IN)
    await signIn(page)
    await arrive(page, CONSENT)
    await twin.goto(page.url())
    await arrive(twin, CONSENT)
    await allow(page)
    await arrive(page, WELCOME)
  })

  it('gives the same code to the same consent page in two tabs', async () => {
    const { page, newTab } = await chromium.visitor()
    const twin = await newTab()
    await goToConsent(page, partner.signInAddress())
    await twin.goto(page.url())
    await arrive(twin, CONSENT)
    await allow(page)
    await arrive(page, WELCOME)
    await allow(twin)
    await arrive(twin, WELCOME)
    expect(codes()).toEqual([expect.any(String), codes()[0]])
    expect(issued()).toHaveLength(1)
  })

  it('says that all is done to a second Allow, once the code is used', async () => {
    const { page, newTab } = await chromium.visitor()
    const twin = await newTab()
    await goToConsent(page, partner.signInAddress())
    await twin.goto(page.url())
    await arrive(twin, CONSENT)
    await allow(page)
    await arrive(page, WELCOME)
    expect((await partner.redeem(partner.callbacks[0])).status).toBe(200)
    await allow(twin)
    await arrive(twin, FINISHED)
    expect(codes()).toHaveLength(1)
  })

  it('gives one code to a double click on Allow', async () => {
    const { page } = await chromium.visitor()
    await goToConsent(page, partner.signInAddress())
    await button(page, 'Allow access').dblclick()
    await arrive(page, WELCOME)
    expect(new Set(codes()).size).toBe(1)
    expect(issued()).toHaveLength(1)
    expect((await partner.redeem(partner.callbacks[0])).status).toBe(200)
  })

  it('gives the same code to someone who allows it again while the client is slow to answer', async () => {
    const { page } = await chromium.visitor()
    await goToConsent(page, partner.signInAddress())
    await button(page, 'Allow access').focus()
    const stalled = partner.stall()
    await page.keyboard.press('Enter')
    await stalled
    await page.keyboard.press('Enter')
    await arrive(page, WELCOME)
    expect(codes()).toEqual([expect.any(String), codes()[0]])
    expect(issued()).toHaveLength(1)
  })

  it('signs in by a double click', async () => {
    const { page } = await chromium.visitor()
    await page.goto(partner.signInAddress())
    await page.getByLabel('Username').fill(alice.username)
    await page.getByLabel('Password').fill(alice.password)
    await button(page, 'Sign in').dblclick()
    await arrive(page, CONSENT)
    await allow(page)
    await arrive(page, WELCOME)
  })

  it('shows who comes back by the back button that all is done, and the way to the client', async () => {
    const { page } = await chromium.visitor()
    await goToConsent(page, partner.signInAddress())
    await allow(page)
    await arrive(page, WELCOME)
    await page.goBack()
    await arrive(page, FINISHED)
    const link = page.getByRole('link', { name: 'Go to Example Backend' })
    expect(await link.getAttribute('href')).toBe(new URL(partner.redirectUri).origin)
    expect(await page.getByRole('button').count()).toBe(0)
    await page.goForward()
    await arrive(page, WELCOME)
    expect(codes()).toHaveLength(1)
  })

  it('goes on where it was after back and forth between sign-in and consent', async () => {
    const { page } = await chromium.visitor()
    await goToConsent(page, partner.signInAddress())
    await page.goBack()
    await page.goForward()
    await arrive(page, CONSENT)
    await allow(page)
    await arrive(page, WELCOME)
  })

  it('finishes two flows that begin in two tabs, whichever signs in first', async () => {
    const { page: first, newTab } = await chromium.visitor()
    const second = await newTab()
    await first.goto(partner.signInAddress({ scope: 'read' }))
    await second.goto(partner.signInAddress({ scope: 'write' }))
    await arrive(first, SIGN_IN)
    await arrive(second, SIGN_IN)

    await signIn(second)
    await arrive(second, CONSENT)
    // The form of the first tab is from before anyone was signed in.
    await signIn(first)
    await arrive(first, CONSENT)
    expect(await first.getByRole('listitem').allInnerTexts()).toEqual(['See your things'])
    expect(await second.getByRole('listitem').allInnerTexts()).toEqual(['Change your things'])
    await allow(second)
    await arrive(second, WELCOME)
    await allow(first)
    await arrive(first, WELCOME)

    expect(new Set(codes()).size).toBe(2)
    const scopes = await Promise.all(partner.callbacks.map(async (callback) => (await partner.redeem(callback)).json()))
    expect(scopes).toEqual([expect.objectContaining({ scope: 'write' }), expect.objectContaining({ scope: 'read' })])
  })

  it('lets the tab that did not sign in turn back', async () => {
    const { page: first, newTab } = await chromium.visitor()
    const second = await newTab()
    await first.goto(partner.signInAddress())
    await goToConsent(second, partner.signInAddress())
    await button(first, 'Cancel').click()
    await first.waitForURL(/\/refused$/)
    await allow(second)
    await arrive(second, WELCOME)
    expect(partner.callbacks.map((callback) => callback.get('error'))).toEqual(['access_denied', null])
  })

  it('shows who left the page open for a day the way back to the client, where it begins anew', async () => {
    const { page, expectError } = await chromium.visitor()
    expectError(/status of 404/)
    await page.goto(partner.signInAddress())
    await arrive(page, SIGN_IN)
    partner.server.clock.advance({ seconds: DAY_SECONDS })
    await signIn(page)
    await arrive(page, REFUSAL)
    await page.getByText('This sign-in is over or was never begun').waitFor()
    await page.getByRole('link', { name: 'Start again at Example Backend', exact: true }).click()
    await arrive(page, 'Our service')
    await page.getByRole('link', { name: 'Sign in with Latchkey' }).click()
    await arrive(page, SIGN_IN)
    await signIn(page)
    await arrive(page, CONSENT)
    await allow(page)
    await arrive(page, WELCOME)
    expect(codes()).toEqual([expect.any(String)])
  })

  it('does not take the consent of a page that showed another account, but asks the one who is there now', async () => {
    const { page, newTab } = await chromium.visitor()
    const other = await newTab()
    await other.goto(partner.signInAddress())
    await goToConsent(page, partner.signInAddress())
    await signIn(other, bob)
    await arrive(other, CONSENT)
    await allow(page)
    await page.getByText(bob.name, { exact: true }).first().waitFor()
    await arrive(page, CONSENT)
    expect(issued()).toHaveLength(0)
  })
})
