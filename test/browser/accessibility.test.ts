import { readFileSync } from 'node:fs'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'
import { useChromium } from '../helpers/chromium.ts'
import type { Partner } from './partner.ts'
import { openTourPartner, PAGES, TOUR_ERRORS, tour } from './tour.ts'
import { LANGUAGES, type Words, wordsOf } from './words.ts'

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const THEMES = ['light', 'dark'] as const

describe('what axe finds on the pages (WCAG 2.2 AA and good practice)', () => {
  const chromium = useChromium()
  let partner: Partner | undefined
  afterEach(async () => {
    await partner?.close()
    partner = undefined
  })

  /** What is wrong on any page in light or dark, a line each. */
  const faultsOf = async (words: Words, env: Record<string, string> = {}) => {
    // Colours that are still on their way to others would be taken for the wrong ones.
    const { page, expectError } = await chromium.visitor({ locale: words.tag, reducedMotion: 'reduce' })
    expectError(TOUR_ERRORS)
    partner = await openTourPartner('Example Backend', env)
    const looked: string[] = []
    const faults: string[] = []
    await tour(page, { partner, words }, async (name) => {
      looked.push(name)
      for (const colorScheme of THEMES) {
        await page.emulateMedia({ colorScheme })
        faults.push(...(await findings(page)).map((finding) => `${name}, ${colorScheme}: ${finding}`))
      }
    })
    expect(looked).toEqual(PAGES)
    return faults
  }

  it.each(LANGUAGES)('is nothing in the language %s, light or dark', async (tag) => {
    expect(await faultsOf(wordsOf(tag))).toEqual([])
  })

  it.each(['#ffff00', '#101010'])('is nothing with the accent colour %s, light or dark', async (colour) => {
    expect(await faultsOf(wordsOf('en'), { ACCENT_COLOR: colour })).toEqual([])
  })
})

/** What axe says is wrong, each with where it is. */
async function findings(page: Page): Promise<string[]> {
  const options: RunOptions = {
    runOnly: { type: 'tag', values: TAGS },
    // Of WCAG 2.2 §2.5.8, which axe leaves out unless told.
    rules: { 'target-size': { enabled: true } },
    resultTypes: ['violations'],
  }
  await page.evaluate(AXE)
  const { violations } = (await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`)) as AxeResults
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  )
}
