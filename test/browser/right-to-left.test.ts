import type { Locator, Page } from 'playwright-core'
import { useChromium } from '../helpers/chromium.ts'
import { alice } from '../helpers/fixtures.ts'
import type { Partner } from './partner.ts'
import { arrive } from './steps.ts'
import { openTourPartner } from './tour.ts'
import { wordsOf } from './words.ts'

const arabic = wordsOf('ar')

describe('the pages in a language that is written from right to left', () => {
  const chromium = useChromium()
  let partner: Partner
  beforeEach(async () => {
    partner = await openTourPartner('Example Backend')
  })
  afterEach(() => partner.close())

  /** Goes to the consent page of a client in Arabic. */
  const consentOf = async (client: string): Promise<Page> => {
    const { page } = await chromium.visitor({ locale: 'ar' })
    const wanted = { client_id: client, redirect_uri: partner.redirectUri, scope: 'read write' }
    await page.goto(partner.requestAddress(wanted))
    await arrive(page, arabic.text('sign-in.title'))
    await page.getByLabel(arabic.text('sign-in.username')).fill(alice.username)
    await page.getByLabel(arabic.text('sign-in.password')).fill(alice.password)
    await page.getByRole('button', { name: arabic.text('sign-in.submit') }).click()
    await arrive(page, arabic.pattern('consent.heading'))
    return page
  }

  it('have the boxes to tick to the right of what they stand for', async () => {
    const page = await consentOf('chooser')
    for (const name of ['See your things', 'Change your things']) {
      const box = await edges(page.getByRole('checkbox', { name }))
      const words = await edges(page.getByText(name, { exact: true }))
      expect(box.left).toBeGreaterThanOrEqual(words.right)
    }
  })

  it('have the check marks to the right of what will be allowed', async () => {
    const page = await consentOf('backend')
    const powers = (await page.evaluate(POWERS)) as Array<{ room: number; mark: number }>
    expect(powers).toHaveLength(2)
    for (const { room, mark } of powers) {
      expect(room).toBeGreaterThan(0)
      expect(mark).toBeLessThan(room)
    }
  })

  it('begin everything at the right edge', async () => {
    const page = await consentOf('backend')
    const card = await edges(page.getByRole('list', { name: arabic.text('consent.powers') }))
    const term = await edges(page.getByRole('term').filter({ hasText: arabic.text('page.account') }))
    const definition = await edges(page.getByRole('definition').filter({ hasText: 'Alice Liddell' }))
    expect(term.right).toBeCloseTo(card.right)
    expect(definition.right).toBeLessThan(term.left)
    expect(await page.evaluate(HEADING_BEGINS)).toBeCloseTo(card.right, 0)
  })
})

/** How much room each line of a list has to the right of its words, and how far from the right its mark is. */
const POWERS = `[...document.querySelectorAll('main li')].map((item) => ({
  room: item.getBoundingClientRect().right - item.firstElementChild.getBoundingClientRect().right,
  mark: parseFloat(getComputedStyle(item, '::before').right),
}))`

/** Where the text of the heading is farthest to the right. */
const HEADING_BEGINS = `(() => {
  const range = document.createRange()
  range.selectNodeContents(document.querySelector('h1'))
  return Math.max(...[...range.getClientRects()].map(({ right }) => right))
})()`

async function edges(element: Locator): Promise<{ left: number; right: number }> {
  const box = await element.boundingBox()
  if (box === null) throw new Error('the element is not to be seen')
  return { left: box.x, right: box.x + box.width }
}
