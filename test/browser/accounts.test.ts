import type { Page } from 'playwright-core'
import { useChromium } from '../helpers/chromium.ts'
import { alice, bob, confidentialClient } from '../helpers/fixtures.ts'
import { openPartner, type Partner, WELCOME } from './partner.ts'
import { allow, arrive, button, CONSENT, goToConsent, SIGN_IN, signIn } from './steps.ts'

const CHOICE = 'Choose an account'
const CONTINUE_AS_ALICE = 'Continue as Alice Liddell (alice)'
const DAY_SECONDS = 86_400

describe('whose account a sign-in goes on with', () => {
  const chromium = useChromium()
  let partner: Partner
  beforeEach(async () => {
    const second = { ...confidentialClient, client_id: 'second', client_name: 'Second Service' }
    partner = await openPartner({ clients: [{ ...second, redirect_uris: ['http://localhost/callback'] }] })
  })
  afterEach(() => partner.close())

  const issuedTo = () =>
    partner.server
      .events()
      .filter(({ audit }) => audit === 'code.issued')
      .map(({ subject }) => subject)

  it('can be changed at the consent page', async () => {
    const { page } = await chromium.visitor()
    await goToConsent(page, partner.signInAddress())
    await button(page, 'Use another account').click()
    await arrive(page, SIGN_IN)
    expect(await page.getByLabel('Username').inputValue()).toBe('')
    await signIn(page, bob)
    await arrive(page, CONSENT)
    expect(await shownAccount(page)).toBe('Bob\nbob')
    await allow(page)
    await arrive(page, WELCOME)
    expect(issuedTo()).toEqual([bob.sub])
  })

  it('stays the same for who changes their mind at the sign-in page', async () => {
    const { page } = await chromium.visitor()
    await goToConsent(page, partner.signInAddress())
    await button(page, 'Use another account').click()
    await arrive(page, SIGN_IN)
    await button(page, CONTINUE_AS_ALICE).click()
    await arrive(page, CONSENT)
    expect(await shownAccount(page)).toBe('Alice Liddell\nalice')
    await allow(page)
    await arrive(page, WELCOME)
    expect(issuedTo()).toEqual([alice.sub])
  })

  it('is asked where the client wants it to be (OpenID Connect Core §3.1.2.1, select_account)', async () => {
    const { page } = await chromium.visitor()
    await goToConsent(page, partner.signInAddress())
    await allow(page)
    await arrive(page, WELCOME)

    await page.goto(partner.signInAddress({ prompt: 'select_account' }))
    await arrive(page, CHOICE)
    await page.reload()
    await arrive(page, CHOICE)
    await button(page, CONTINUE_AS_ALICE).click()
    await arrive(page, WELCOME)

    await page.goto(partner.signInAddress({ prompt: 'select_account' }))
    await arrive(page, CHOICE)
    await button(page, 'Use another account').click()
    await arrive(page, SIGN_IN)
    await signIn(page, bob)
    await arrive(page, CONSENT)
    await allow(page)
    await arrive(page, WELCOME)
    expect(issuedTo()).toEqual([alice.sub, alice.sub, bob.sub])
  })

  it('is known to a second client without a second sign-in', async () => {
    const { page } = await chromium.visitor()
    await goToConsent(page, partner.signInAddress())
    await allow(page)
    await arrive(page, WELCOME)
    await page.goto(partner.requestAddress({ client_id: 'second', redirect_uri: partner.redirectUri }))
    await arrive(page, 'Second Service wants access to your account')
    await allow(page)
    await arrive(page, WELCOME)
    expect(issuedTo()).toEqual([alice.sub, alice.sub])
  })

  it('is forgotten when the browser closes, unless the person asks to be kept signed in', async () => {
    const sessionOf = async (keep: boolean) => {
      const { page, context } = await chromium.visitor()
      await page.goto(partner.signInAddress())
      await arrive(page, SIGN_IN)
      await page.getByRole('checkbox', { name: 'Keep me signed in on this device' }).setChecked(keep)
      await signIn(page)
      await arrive(page, CONSENT)
      const session = (await context.cookies()).find(({ name }) => name === 'latchkey_session')
      return session?.expires ?? 0
    }
    // What the browser calls a cookie without an end.
    expect(await sessionOf(false)).toBe(-1)
    expect(await sessionOf(true)).toBeGreaterThan(Date.now() / 1000 + DAY_SECONDS)
  })
})

/** Whose account the consent page says it is about. */
async function shownAccount(page: Page): Promise<string | undefined> {
  return (await page.getByRole('definition').allInnerTexts())[0]
}
