import type { Page } from 'playwright-core'
import { useChromium } from '../helpers/chromium.ts'
import { alice } from '../helpers/fixtures.ts'
import { openPartner, type Partner, REFUSED, WELCOME } from './partner.ts'
import { alerted, allow, arrive, button, CONSENT, goToConsent, hasFocus, SIGN_IN, signIn } from './steps.ts'

describe('signing in with a real browser', () => {
  const chromium = useChromium()
  let partner: Partner
  beforeEach(async () => {
    partner = await openPartner()
  })
  afterEach(() => partner.close())

  /** Begins as people do, by a link on the page of the client, so that the browser sees where they come from. */
  const followLink = async (page: Page) => {
    await page.goto(partner.address)
    await page.getByRole('link', { name: 'Sign in with Latchkey' }).click()
  }

  it('leads from the client over sign-in and consent back to it with a code, the state and the issuer', async () => {
    const { page } = await chromium.visitor()
    await followLink(page)
    await arrive(page, SIGN_IN)
    await page.getByText('to continue to Example Backend').waitFor()
    await signIn(page)

    await arrive(page, 'Example Backend wants access to your account')
    const powers = page.getByRole('list', { name: 'It will be able to' })
    expect(await powers.getByRole('listitem').allInnerTexts()).toEqual(['See your things'])
    expect(await page.getByRole('definition').allInnerTexts()).toEqual([
      'Alice Liddell\nalice',
      'Until you disconnect it, 365 days at most',
      new URL(partner.redirectUri).host,
    ])
    await allow(page)

    await arrive(page, WELCOME)
    expect(partner.callbacks.map((callback) => Object.fromEntries(callback))).toEqual([
      { code: expect.any(String), state: partner.lastState(), iss: partner.server.issuer },
    ])
    const answer = await partner.redeem(partner.callbacks[0])
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ token_type: 'Bearer', scope: 'read' })
  })

  it('works with scripts turned off', async () => {
    const { page } = await chromium.visitor({ javaScriptEnabled: false })
    await goToConsent(page, partner.signInAddress())
    await allow(page)
    await arrive(page, WELCOME)
    expect(partner.callbacks).toHaveLength(1)
  })

  it('tells the client of a no, with the state and the issuer (RFC 6749 §4.1.2.1, RFC 9207 §2)', async () => {
    const { page } = await chromium.visitor()
    await goToConsent(page, partner.signInAddress())
    await button(page, 'Cancel').click()
    await arrive(page, REFUSED)
    expect(partner.callbacks.map((callback) => Object.fromEntries(callback))).toEqual([
      {
        error: 'access_denied',
        error_description: expect.any(String),
        state: partner.lastState(),
        iss: partner.server.issuer,
      },
    ])
    expect(partner.server.events().map(({ audit }) => audit)).toEqual(['sign_in.succeeded', 'consent.denied'])
  })

  it('lets a person turn back at the sign-in page, with its empty required fields', async () => {
    const { page } = await chromium.visitor()
    await page.goto(partner.signInAddress())
    await arrive(page, SIGN_IN)
    await button(page, 'Cancel').click()
    await arrive(page, REFUSED)
    expect(partner.callbacks[0]?.get('error')).toBe('access_denied')
  })

  it('shows an alert for a wrong password, keeps the username and waits at the password', async () => {
    const { page, expectError } = await chromium.visitor()
    expectError(/status of 401/)
    await page.goto(partner.signInAddress())
    await signIn(page, { username: alice.username, password: 'through the looking-glass' })

    await alerted(page)
    expect(await page.getByRole('alert').textContent()).toBe('The username or password is not right.')
    expect(await page.title()).toContain('Error')
    expect(await page.getByLabel('Username').inputValue()).toBe('alice')
    expect(await page.getByLabel('Password').inputValue()).toBe('')
    await hasFocus(page.getByLabel('Password'))
    await page.keyboard.type(alice.password)
    await page.keyboard.press('Enter')

    await arrive(page, CONSENT)
    expect(await page.getByRole('alert').count()).toBe(0)
  })

  it('sends a person who allowed it before straight through, without a page', async () => {
    const { page } = await chromium.visitor()
    await goToConsent(page, partner.signInAddress())
    await allow(page)
    await arrive(page, WELCOME)

    const visited: string[] = []
    page.on('request', (request) => void visited.push(new URL(request.url()).pathname))
    await followLink(page)
    await arrive(page, WELCOME)
    expect(visited).toEqual(['/', '/sign-in', '/oauth/authorize', '/callback', '/welcome'])
    expect((await partner.redeem(partner.callbacks[1])).status).toBe(200)
  })

  it('asks a signed-in person about new scopes only, and not for the password', async () => {
    const { page, newTab } = await chromium.visitor()
    await goToConsent(page, partner.signInAddress({ scope: 'read' }))
    await allow(page)
    await arrive(page, WELCOME)

    const tab = await newTab()
    await tab.goto(partner.signInAddress({ scope: 'read write' }))
    await arrive(tab, CONSENT)
    const powers = async (name: string) => tab.getByRole('list', { name }).getByRole('listitem').allInnerTexts()
    expect(await powers('It will also be able to')).toEqual(['Change your things'])
    expect(await powers('It already can')).toEqual(['See your things'])
    await allow(tab)
    await arrive(tab, WELCOME)
    expect(partner.callbacks).toHaveLength(2)
  })
})
