import type { Page } from 'playwright-core'
import { useChromium } from '../helpers/chromium.ts'
import type { Partner } from './partner.ts'
import { openTourPartner, PAGES, TOUR_ERRORS, tour } from './tour.ts'
import { wordsOf } from './words.ts'

const BRAND = 'House of Keys'

describe('what every page is made of', () => {
  const chromium = useChromium()
  let partner: Partner
  beforeEach(async () => {
    partner = await openTourPartner('Example Backend', { BRAND_NAME: BRAND })
  })
  afterEach(() => partner.close())

  it.each(['en', 'ar'] as const)('is told to whoever does not see it, in the language %s', async (tag) => {
    const words = wordsOf(tag)
    const { page, expectError } = await chromium.visitor({ locale: tag })
    expectError(TOUR_ERRORS)
    const titles = new Map<string, string>()
    await tour(page, { partner, words }, async (name) => {
      const { title, ...structure } = await structureOf(page)
      titles.set(name, title)
      expect({ name, ...structure }).toEqual({ name, lang: tag, dir: words.dir, headings: 1, mains: 1, inline: [] })
    })
    expect([...titles.keys()]).toEqual(PAGES)
    for (const title of titles.values()) expect(title).toMatch(new RegExp(`^\\S.* – ${BRAND}$`))
    // Whoever has many tabs open tells by the title which is which.
    expect([titles.get('sign-in'), titles.get('consent'), titles.get('account'), titles.get('sign-out')]).toEqual(
      ['sign-in.title', 'consent.title', 'account.title', 'sign-out.title'].map(
        (key) => `${words.text(key)} – ${BRAND}`,
      ),
    )
  })

  it('comes from this server alone', async () => {
    const { page, expectError } = await chromium.visitor()
    expectError(TOUR_ERRORS)
    const loaded: string[] = []
    page.on('request', (request) => {
      const isOurs = request.frame().url().startsWith(partner.server.issuer)
      if (isOurs && !request.isNavigationRequest()) loaded.push(request.url())
    })
    await tour(page, { partner, words: wordsOf('en') }, async () => {})
    expect(loaded.length).toBeGreaterThan(PAGES.length)
    expect(loaded.filter((url) => new URL(url).origin !== partner.server.issuer)).toEqual([])
  })
})

/** What the accessibility tree and the document say, without a look at the words of the page. */
async function structureOf(page: Page) {
  return {
    title: await page.title(),
    lang: await page.locator('html').getAttribute('lang'),
    dir: await page.locator('html').getAttribute('dir'),
    headings: await page.getByRole('heading', { level: 1 }).count(),
    mains: await page.getByRole('main').count(),
    inline: await page.evaluate(INLINE),
  }
}

/** Finds what a strict content security policy would not let run or show. */
const INLINE = `[...document.querySelectorAll('*')]
  .filter((element) => element.matches('style, script:not([src]), [style]')
    || element.getAttributeNames().some((name) => name.startsWith('on')))
  .map((element) => element.outerHTML)`
