import type { Locator, Page } from 'playwright-core'
import { useChromium } from '../helpers/chromium.ts'
import { alice } from '../helpers/fixtures.ts'
import { openPartner, type Partner, WELCOME } from './partner.ts'
import { arrive, button, CONSENT, FINISHED, REFUSAL, SIGN_IN, signIn } from './steps.ts'

/** As long as a name may be, and without a place to break it. */
const LONG_NAME = 'Donaudampfschifffahrtsgesellschaftskapitän'.repeat(4)

describe('how the pages look and feel', () => {
  const chromium = useChromium()
  let partner: Partner
  beforeEach(async () => {
    const site = 'https://policies.example'
    partner = await openPartner({
      metadata: { client_name: LONG_NAME, policy_uri: `${site}/privacy`, tos_uri: `${site}/terms` },
    })
  })
  afterEach(() => partner.close())

  /** Walks over every page there is, and looks at each. */
  const walk = async (page: Page, look: (name: string) => Promise<void>) => {
    const unknown = new URLSearchParams({
      client_id: 'backend',
      redirect_uri: `${partner.redirectUri}/${'x'.repeat(300)}`,
    })
    await page.goto(`${partner.server.issuer}/oauth/authorize?${unknown}`)
    await arrive(page, REFUSAL)
    await look('error')
    await page.goto(partner.signInAddress({ scope: 'read write' }))
    await arrive(page, SIGN_IN)
    await look('sign-in')
    await signIn(page, { username: LONG_NAME, password: 'wrong' })
    await page.getByRole('alert').waitFor()
    await look('sign-in with an alert')
    await signIn(page)
    await arrive(page, CONSENT)
    await look('consent')
    await button(page, 'Allow access').click()
    await arrive(page, WELCOME)
    await page.goBack()
    await arrive(page, FINISHED)
    await look('finished')
    await page.goto(`${partner.server.issuer}/oauth/logout?client_id=backend`)
    await arrive(page, /asks to sign you out$/)
    await look('sign-out')
    await button(page, 'Sign out').click()
    await arrive(page, 'You are signed out')
    await look('signed-out')
  }

  it('can be used by keyboard alone, with the focus always to be seen', async () => {
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
    ]
    for (const stop of stops) {
      await keyboard.press('Tab')
      await focused(stop)
    }
    await keyboard.press('Shift+Tab')
    await focused(button(page, 'Allow access'))
    await keyboard.press('Enter')
    await arrive(page, WELCOME)
    expect(partner.callbacks[0]?.get('code')).toEqual(expect.any(String))
  })

  it('reaches every button of the sign-in page by Tab, and presses them by the space bar', async () => {
    const { page } = await chromium.visitor()
    await page.goto(partner.signInAddress())
    await arrive(page, SIGN_IN)
    for (const stop of [page.getByLabel('Password'), button(page, 'Sign in'), button(page, 'Cancel')]) {
      await page.keyboard.press('Tab')
      await focused(stop)
    }
    await page.keyboard.press('Space')
    await page.waitForURL(/\/refused$/)
    expect(partner.callbacks[0]?.get('error')).toBe('access_denied')
  })

  it('fits a screen of 320 pixels: nothing scrolls sideways, nothing is cut off (WCAG 2.2 §1.4.10)', async () => {
    const { page, expectError } = await chromium.visitor({ viewport: { width: 320, height: 640 } })
    expectError(/status of 40[01]/)
    const looked: string[] = []
    await walk(page, async (name) => {
      expect({ name, width: await page.evaluate('document.documentElement.scrollWidth') }).toEqual({ name, width: 320 })
      expect({ name, cut: await page.evaluate(CUT_OFF) }).toEqual({ name, cut: [] })
      looked.push(name)
    })
    expect(looked).toEqual([
      'error',
      'sign-in',
      'sign-in with an alert',
      'consent',
      'finished',
      'sign-out',
      'signed-out',
    ])
  })

  it.each(['light', 'dark'] as const)('is readable in the %s colour scheme (WCAG 2.2 §1.4.3)', async (colorScheme) => {
    const { page, expectError } = await chromium.visitor({ colorScheme })
    expectError(/status of 40[01]/)
    await walk(page, async (name) => {
      const texts = (await page.evaluate(TEXTS)) as Text[]
      expect(texts.length).toBeGreaterThan(3)
      const faint = texts.filter(({ ink, ground }) => contrast(ink, ground) < 4.5)
      expect({ name, faint }).toEqual({ name, faint: [] })
      const ground = brightness(texts[0]?.ground ?? [])
      expect(ground < 0.5 ? 'dark' : 'light').toBe(colorScheme)
    })
  })
})

/** Waits until the element has the focus, and sees that this can be seen. */
async function focused(element: Locator): Promise<void> {
  const page = element.page()
  await element.and(page.locator(':focus')).waitFor()
  expect(await page.evaluate('getComputedStyle(document.activeElement).outline')).toMatch(/ solid 3px$/)
}

/** Finds the boxes whose content is wider than they are; the field that scrolls, and what only is read out, aside. */
const CUT_OFF = `[...document.querySelectorAll('body :not(input, .unseen)')]
  .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth)
  .map((element) => element.outerHTML)`

/** A text of a page, its colour and the one behind it, as red, green and blue from 0 to 255. */
interface Text {
  text: string
  ink: number[]
  ground: number[]
}

/** Finds every Text of the page, in the browser. */
const TEXTS = `(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number)
  const groundOf = (element) => {
    const colour = parts(getComputedStyle(element).backgroundColor)
    return colour[3] === 0 ? groundOf(element.parentElement) : colour
  }
  const written = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '')
  return [...document.body.querySelectorAll('*')].filter(written).map((element) => ({
    text: element.textContent.trim(),
    ink: parts(getComputedStyle(element).color).slice(0, 3),
    ground: groundOf(element).slice(0, 3),
  }))
})()`

/** WCAG 2.2, relative luminance. */
function brightness(colour: number[]): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** WCAG 2.2, contrast ratio. */
function contrast(one: number[], other: number[]): number {
  const [dark = 0, light = 0] = [brightness(one), brightness(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}
