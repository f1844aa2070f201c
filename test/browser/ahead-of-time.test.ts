import { useChromium } from '../helpers/chromium.ts'
import { until } from '../helpers/until.ts'
import { openPartner, type Partner, WELCOME } from './partner.ts'
import { html, openSite, type Site } from './sites.ts'
import { allow, arrive, goToConsent, SIGN_IN } from './steps.ts'

/** What a page of a client may say so that browsers load its links before anyone follows them. */
const WAYS: ReadonlyArray<[string, (address: string) => string]> = [
  ['a link to prefetch', (address) => `<link rel="prefetch" href="${escaped(address)}">`],
  ['a speculation rule to prefetch', (address) => rules({ prefetch: [{ urls: [address], eagerness: 'immediate' }] })],
  ['a speculation rule to prerender', (address) => rules({ prerender: [{ urls: [address], eagerness: 'immediate' }] })],
]

describe('a sign-in that a browser loads ahead of time', () => {
  const chromium = useChromium()
  let partner: Partner
  let eager: Site
  let way: (address: string) => string
  beforeEach(async () => {
    partner = await openPartner()
    // On another port of the same site, where browsers load ahead with our cookies.
    eager = await openSite('127.0.0.1', {
      '/': () => {
        const address = partner.requestAddress({ client_id: 'backend', redirect_uri: partner.redirectUri })
        return { html: html('Eager', `<a href="${escaped(address)}">Go on</a>${way(address)}`) }
      },
    })
  })
  afterEach(async () => {
    await Promise.all([partner.close(), eager.close()])
  })

  const issued = () => partner.server.events().filter(({ audit }) => audit === 'code.issued')
  const refused = () => partner.server.events().filter(({ cause }) => cause === 'prefetch')

  it.each(WAYS)('is refused by %s, and works once somebody really goes there', async (_, of) => {
    way = of
    const { page, expectError } = await chromium.visitor()
    // Chromium notes it on the page that was too eager.
    expectError(/status of 403/)
    await goToConsent(page, partner.signInAddress())
    await allow(page)
    await arrive(page, WELCOME)
    expect(issued()).toHaveLength(1)

    await page.goto(eager.origin)
    await until(() => refused().length > 0)
    expect(issued()).toHaveLength(1)
    expect(partner.callbacks).toHaveLength(1)
    await page.getByRole('link', { name: 'Go on' }).click()
    await arrive(page, WELCOME)
    expect(issued()).toHaveLength(2)
    expect(partner.callbacks).toHaveLength(2)
  })

  it('begins at the sign-in page for a stranger, whatever was tried before', async () => {
    way = (address) => rules({ prefetch: [{ urls: [address], eagerness: 'immediate' }] })
    const { page } = await chromium.visitor()
    await page.goto(eager.origin)
    await until(() => refused().length > 0)
    await page.getByRole('link', { name: 'Go on' }).click()
    await arrive(page, SIGN_IN)
  })
})

function rules(what: object): string {
  return `<script type="speculationrules">${JSON.stringify(what)}</script>`
}

function escaped(address: string): string {
  return address.replaceAll('&', '&amp;')
}
