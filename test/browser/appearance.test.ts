import { useChromium } from '../helpers/chromium.ts'
import type { Partner } from './partner.ts'
import { openTourPartner, PAGES, TOUR_ERRORS, tour } from './tour.ts'
import { wordsOf } from './words.ts'

/** As long as a name may be, and without a place to break it. */
const LONG_NAME = 'Donaudampfschifffahrtsgesellschaftskapitän'.repeat(4)

describe('how the pages look', () => {
  const chromium = useChromium()
  let partner: Partner
  beforeEach(async () => {
    partner = await openTourPartner(LONG_NAME)
  })
  afterEach(() => partner.close())

  it.each(['en', 'ar'] as const)(
    'fits a screen of 320 pixels in the language %s: nothing scrolls sideways, nothing is cut off (WCAG 2.2 §1.4.10)',
    async (tag) => {
      const { page, expectError } = await chromium.visitor({ locale: tag, viewport: { width: 320, height: 640 } })
      expectError(TOUR_ERRORS)
      const looked: string[] = []
      await tour(page, { partner, words: wordsOf(tag) }, async (name) => {
        const width = await page.evaluate('document.documentElement.scrollWidth')
        expect({ name, width, cut: await page.evaluate(CUT_OFF) }).toEqual({ name, width: 320, cut: [] })
        looked.push(name)
      })
      expect(looked).toEqual(PAGES)
    },
  )

  it.each(['light', 'dark'] as const)('is readable in the %s colour scheme (WCAG 2.2 §1.4.3)', async (colorScheme) => {
    // Colours that are still on their way to others would be taken for the wrong ones.
    const { page, expectError } = await chromium.visitor({ colorScheme, reducedMotion: 'reduce' })
    expectError(TOUR_ERRORS)
    await tour(page, { partner, words: wordsOf('en') }, async (name) => {
      const texts = (await page.evaluate(TEXTS)) as Text[]
      expect(texts.length).toBeGreaterThan(3)
      const faint = texts.filter(({ ink, ground }) => contrast(ink, ground) < 4.5)
      expect({ name, faint }).toEqual({ name, faint: [] })
      const ground = brightness(texts[0]?.ground ?? [])
      expect(ground < 0.5 ? 'dark' : 'light').toBe(colorScheme)
    })
  })
})

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
