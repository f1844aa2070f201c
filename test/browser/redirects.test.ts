import { useChromium } from '../helpers/chromium.ts'
import { confidentialClient, nativeClient, publicClient } from '../helpers/fixtures.ts'
import { authorizationRequest } from '../helpers/request.ts'
import { openPartner, type Partner, WELCOME } from './partner.ts'
import { html, openSite, type Site } from './sites.ts'
import { allow, arrive, button, CONSENT, goToConsent, SIGN_IN, signIn } from './steps.ts'

const NATIVE_REDIRECT = 'com.example.native:/callback'
const desktopClient = {
  ...confidentialClient,
  client_id: 'desktop',
  client_name: 'Desktop App',
  application_type: 'native',
  consent: 'implicit',
  redirect_uris: [NATIVE_REDIRECT],
}
const popupClient = { ...publicClient, client_id: 'popup', client_name: 'Popup Client' }

describe('where the browser goes after the answer', () => {
  const chromium = useChromium()
  let client: Site
  let partner: Partner
  beforeEach(async () => {
    client = await openSite('localhost', {
      '/callback': (url) => ({ html: html('Back on this device', `<p>${url.searchParams.get('state')}</p>`) }),
      '/popup': (url) => ({ html: html('Client', OPENER, openerOf(url.searchParams.get('to') ?? '')) }),
      '/popup/callback': () => ({ html: html('One moment', TELLER) }),
    })
    partner = await openPartner({
      clients: [nativeClient, desktopClient, { ...popupClient, redirect_uris: [`${client.origin}/popup/callback`] }],
    })
  })
  afterEach(async () => {
    await partner.close()
    await client.close()
  })

  const address = (wanted: Record<string, string>) => {
    const request = authorizationRequest(wanted)
    return { url: `${partner.server.issuer}/oauth/authorize?${request.query()}`, state: request.state }
  }

  it('passes the form on over the redirects of the client, to a third site', async () => {
    const { page } = await chromium.visitor()
    await goToConsent(page, partner.signInAddress())
    const chain: string[] = []
    page.on('request', (request) => {
      if (request.isNavigationRequest()) chain.push(`${request.method()} ${new URL(request.url()).hostname}`)
    })
    await allow(page)
    await arrive(page, WELCOME)
    expect(chain).toEqual(['POST 127.0.0.1', 'GET localhost', 'GET home.localhost'])
  })

  it('would break in this Chromium if the pages had a form-action', async () => {
    // The reason why they have none, and the proof that the test above would notice.
    const { page, expectError } = await chromium.visitor()
    expectError(/form-action/)
    const form = `<form action="/leave"><button>Leave</button></form>`
    const strict = await openSite('localhost', {
      '/': () => ({ html: html('Strict', form), headers: { 'Content-Security-Policy': "form-action 'self'" } }),
      '/leave': () => ({ redirect: `${client.origin}/callback` }),
    })
    try {
      await page.goto(strict.origin)
      const refusal = page.waitForEvent('console', (message) => message.text().includes('form-action'))
      await button(page, 'Leave').click()
      await refusal
      await arrive(page, 'Strict')
    } finally {
      await strict.close()
    }
  })

  it.each([
    ['Allow access', 'code'],
    ['Cancel', 'error'],
  ])('tries to open the app of a private-use scheme after %s (RFC 8252 §7.1)', async (answer, parameter) => {
    const { page } = await chromium.visitor()
    const { url, state } = address({ client_id: 'native', redirect_uri: NATIVE_REDIRECT })
    await goToConsent(page, url)
    await page.getByText('com.example.native: on this device').waitFor()
    const attempt = page.waitForEvent('request', (request) => request.url().startsWith(NATIVE_REDIRECT))
    await button(page, answer).click()
    const { searchParams } = new URL((await attempt).url())
    expect(searchParams.get(parameter)).toEqual(expect.any(String))
    expect(searchParams.get('state')).toBe(state)
    expect(searchParams.get('iss')).toBe(partner.server.issuer)
  })

  it('waits for a tap before it opens an app where nothing is left to ask, since browsers would not open it', async () => {
    const { page } = await chromium.visitor()
    await goToConsent(page, partner.signInAddress())
    await allow(page)
    await arrive(page, WELCOME)

    const attempts: string[] = []
    page.on('request', (request) => {
      if (request.url().startsWith(NATIVE_REDIRECT)) attempts.push(request.url())
    })
    const { url, state } = address({ client_id: 'desktop', redirect_uri: NATIVE_REDIRECT })
    await page.goto(url)
    await arrive(page, 'Continue to Desktop App')
    await page.reload()
    await arrive(page, 'Continue to Desktop App')
    await page.getByText('You are signed in as Alice Liddell (alice).').waitFor()
    expect(attempts).toEqual([])
    const attempt = page.waitForEvent('request', (request) => request.url().startsWith(NATIVE_REDIRECT))
    await button(page, 'Continue').click()
    const { searchParams } = new URL((await attempt).url())
    expect(searchParams.get('code')).toEqual(expect.any(String))
    expect(searchParams.get('state')).toBe(state)
    expect(searchParams.get('iss')).toBe(partner.server.issuer)
  })

  it('reaches an installed app on whatever loopback port it listens, and asks each time (RFC 8252 §7.3, §8.6)', async () => {
    const { page } = await chromium.visitor()
    const redirectUri = `${client.origin.replace('localhost', '127.0.0.1')}/callback`
    const first = address({ client_id: 'native', redirect_uri: redirectUri })
    await goToConsent(page, first.url)
    await page.getByText('Any program on this device could use that name.').waitFor()
    await allow(page)
    await arrive(page, 'Back on this device')
    await page.getByText(first.state).waitFor()

    await page.goto(address({ client_id: 'native', redirect_uri: redirectUri }).url)
    await arrive(page, CONSENT)
  })

  it('lets a client open the sign-in in a popup and hear from it', async () => {
    const { page, context } = await chromium.visitor()
    const { url, state } = address({ client_id: 'popup', redirect_uri: `${client.origin}/popup/callback` })
    await page.goto(`${client.origin}/popup?${new URLSearchParams({ to: url })}`)
    const opened = context.waitForEvent('page')
    await button(page, 'Connect').click()
    const popup = await opened
    await arrive(popup, SIGN_IN)
    await signIn(popup)
    await arrive(popup, CONSENT)
    await allow(popup)
    await page.getByRole('status').getByText(`state=${state}`).waitFor()
    // Only now, so that the click that led there is over for whoever made it.
    const closed = popup.waitForEvent('close')
    await page.evaluate('popup.close()')
    await closed
  })
})

/** What a person sees of the page below. */
const OPENER = '<button>Connect</button><output></output>'

/** The script of a page that opens an address in a popup and shows what comes back. */
function openerOf(to: string): string {
  return `<script>
    let popup
    document.onclick = () => (popup = window.open(${JSON.stringify(to)}, 'sign-in', 'popup'))
    window.onmessage = ({ data, origin }) => {
      if (origin === location.origin) document.querySelector('output').textContent = data
    }</script>`
}

/** A page that hands its parameters to the page that opened it, which closes it. */
const TELLER = '<script>window.opener.postMessage(location.search, location.origin)</script>'
