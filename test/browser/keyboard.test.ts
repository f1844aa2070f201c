import type { Locator } from 'playwright-core'
import { useChromium } from '../helpers/chromium.ts'
import { alice } from '../helpers/fixtures.ts'
import { type Partner, WELCOME } from './partner.ts'
import { arrive, button, CONSENT, hasFocus, SIGN_IN } from './steps.ts'
import { openTourPartner, PAGES, TOUR_ERRORS, tour } from './tour.ts'
import { wordsOf } from './words.ts'

describe('the pages by keyboard alone', () => {
  const chromium = useChromium()
  let partner: Partner
  beforeEach(async () => {
    partner = await openTourPartner('Example Backend')
  })
  afterEach(() => partner.close())

  it('lead through a sign-in, with the focus always to be seen', async () => {
    const { page } = await chromium.visitor()
    const { keyboard } = page
    await page.goto(partner.signInAddress())
    await arrive(page, SIGN_IN)
    await focused(page.getByLabel('Username'))
    await keyboard.type(alice.username)
    await keyboard.press('Tab')
    await focused(page.getByLabel('Password'))
    await keyboard.type(alice.password)
    await keyboard.press('Enter')

    await arrive(page, CONSENT)
    const stops = [
      page.getByRole('link', { name: new URL(partner.redirectUri).host }),
      page.getByRole('link', { name: 'privacy policy' }),
      page.getByRole('link', { name: 'terms of service' }),
      button(page, 'Allow access'),
      button(page, 'Cancel'),
      button(page, 'Use another account'),
    ]
    for (const stop of stops) {
      await keyboard.press('Tab')
      await focused(stop)
    }
    await keyboard.press('Shift+Tab')
    await keyboard.press('Shift+Tab')
    await focused(button(page, 'Allow access'))
    await keyboard.press('Enter')
    await arrive(page, WELCOME)
    expect(partner.callbacks[0]?.get('code')).toEqual(expect.any(String))
  })

  it('lead back to the client from the sign-in page, by the space bar', async () => {
    const { page } = await chromium.visitor()
    await page.goto(partner.signInAddress())
    await arrive(page, SIGN_IN)
    await focused(page.getByLabel('Username'))
    const stops = [
      page.getByLabel('Password'),
      page.getByRole('checkbox', { name: 'Keep me signed in on this device' }),
      button(page, 'Sign in'),
      button(page, 'Cancel'),
    ]
    for (const stop of stops) {
      await page.keyboard.press('Tab')
      await focused(stop)
    }
    await page.keyboard.press('Space')
    await page.waitForURL(/\/refused$/)
    expect(partner.callbacks[0]?.get('error')).toBe('access_denied')
  })

  it('take what is ticked and unticked by the space bar', async () => {
    const { page, context } = await chromium.visitor()
    const { keyboard } = page
    await page.goto(
      partner.requestAddress({ client_id: 'chooser', redirect_uri: partner.redirectUri, scope: 'read write' }),
    )
    await arrive(page, SIGN_IN)
    await focused(page.getByLabel('Username'))
    await keyboard.type(alice.username)
    await keyboard.press('Tab')
    await keyboard.type(alice.password)
    await keyboard.press('Tab')
    await keyboard.press('Space')
    await keyboard.press('Enter')

    await arrive(page, CONSENT)
    const [cookie] = (await context.cookies()).filter(({ name }) => name === 'latchkey_session')
    expect(cookie?.expires).toBeGreaterThan(0)
    const write = page.getByRole('checkbox', { name: 'Change your things' })
    await tabTo(write)
    await keyboard.press('Space')
    expect(await write.isChecked()).toBe(false)
    await tabTo(button(page, 'Allow access'))
    await keyboard.press('Space')
    await arrive(page, WELCOME)
    const issued = partner.server.events().filter(({ audit }) => audit === 'code.issued')
    expect(issued).toEqual([expect.objectContaining({ scope: ['read'] })])
  })

  it('stop at everything there is to use, one after the other, on every page (WCAG 2.2 §2.1.1, §2.4.7)', async () => {
    const { page, expectError } = await chromium.visitor()
    expectError(TOUR_ERRORS)
    const looked: string[] = []
    await tour(page, { partner, words: wordsOf('en') }, async (name) => {
      const first = page.locator('[autofocus]')
      // Given later, it would take the focus away from where the keys bring it.
      if ((await first.count()) > 0) await hasFocus(first)
      const all = (await page.evaluate(`${BEGIN_ABOVE}; ${STOPS}.length`)) as number
      expect(all).toBeGreaterThan(0)
      const stops: unknown[] = []
      for (let stop = 0; stop < all; stop++) {
        await page.keyboard.press('Tab')
        stops.push(await page.evaluate(STOP))
      }
      const seen = [...Array(all).keys()].map((index) => ({ index, outline: expect.stringMatching(/ solid 3px$/) }))
      expect({ name, stops }).toEqual({ name, stops: seen })
      looked.push(name)
    })
    expect(looked).toEqual(PAGES)
  })
})

/** Waits until the element has the focus, and sees that this can be seen. */
async function focused(element: Locator): Promise<void> {
  const page = element.page()
  await hasFocus(element)
  expect(await page.evaluate('getComputedStyle(document.activeElement).outline')).toMatch(/ solid 3px$/)
}

/** Tabs on until the element has the focus, over no more stops than any page has. */
async function tabTo(element: Locator): Promise<void> {
  const reached = element.and(element.page().locator(':focus'))
  for (let stop = 0; stop < MOST_STOPS && (await reached.count()) === 0; stop++) {
    await element.page().keyboard.press('Tab')
  }
  await focused(element)
}

const MOST_STOPS = 20

/** Everything that a page has to use, in its order. */
const STOPS = `[...document.querySelectorAll('a[href], button, input:not([type=hidden]), [tabindex="0"]')]`

/** Where the focus is among them, and what shows it. */
const STOP = `({
  index: ${STOPS}.indexOf(document.activeElement),
  outline: getComputedStyle(document.activeElement).outline,
})`

/** Takes the focus to above everything, from where a page put it. */
const BEGIN_ABOVE = `document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')`
