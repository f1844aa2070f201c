import { useChromium } from '../helpers/chromium.ts'
import { openPartner, type Partner, WELCOME } from './partner.ts'
import { html, openSite, type Site } from './sites.ts'
import { allow, arrive, button, CONSENT, goToConsent, REFUSAL, SIGN_IN } from './steps.ts'

const ASKED = /asks to sign you out$/
const GOODBYE = 'See you soon'
const SIGNED_OUT = 'You are signed out'
const SESSION_COOKIE = 'latchkey_session'

describe('signing out with a real browser', () => {
  const chromium = useChromium()
  let partner: Partner
  let goodbye: Site
  let others: Site | undefined
  let visits: URL[]
  beforeEach(async () => {
    visits = []
    goodbye = await openSite('localhost', {
      '/bye': (url) => {
        visits.push(url)
        return { html: html(GOODBYE) }
      },
    })
    partner = await openPartner({ metadata: { post_logout_redirect_uris: [`${goodbye.origin}/bye`] } })
  })
  afterEach(async () => {
    await others?.close()
    others = undefined
    await Promise.all([partner.close(), goodbye.close()])
  })

  const params = () => ({ client_id: 'backend', post_logout_redirect_uri: `${goodbye.origin}/bye`, state: '"é <b> &' })
  const endpoint = () => `${partner.server.issuer}/oauth/logout`
  const address = () => `${endpoint()}?${new URLSearchParams(params())}`

  const signIn = async (visitor: Awaited<ReturnType<typeof chromium.visitor>>) => {
    await goToConsent(visitor.page, partner.signInAddress())
    await allow(visitor.page)
    await arrive(visitor.page, WELCOME)
  }

  const sessionOf = async ({ context }: Awaited<ReturnType<typeof chromium.visitor>>) =>
    (await context.cookies(partner.server.issuer)).find(({ name }) => name === SESSION_COOKIE)?.value

  it('leads from a link over the question back to the client, without JavaScript', async () => {
    const visitor = await chromium.visitor({ javaScriptEnabled: false })
    const { page } = visitor
    await signIn(visitor)
    others = await openSite('localhost', { '/': () => ({ html: html('App', `<a href="${address()}">Leave</a>`) }) })
    await page.goto(others.origin)
    await page.getByRole('link', { name: 'Leave' }).click()
    await arrive(page, ASKED)
    await page.getByText('Alice Liddell').waitFor()
    await page.getByText(new URL(goodbye.origin).host).waitFor()
    await button(page, 'Sign out').click()
    await arrive(page, GOODBYE)
    expect(visits.map(({ searchParams }) => searchParams.get('state'))).toEqual([params().state])
    expect(await sessionOf(visitor)).toBeUndefined()

    // The question is not asked again: nobody is signed in.
    await page.goBack()
    await arrive(page, GOODBYE)
    await page.goto(partner.signInAddress())
    await arrive(page, SIGN_IN)
  })

  it('lets the person stay, and says so', async () => {
    const visitor = await chromium.visitor()
    await signIn(visitor)
    await visitor.page.goto(address())
    await arrive(visitor.page, ASKED)
    await button(visitor.page, 'Stay signed in').click()
    await arrive(visitor.page, 'You are still signed in')
    expect(await sessionOf(visitor)).toEqual(expect.any(String))
    expect(visits).toEqual([])
  })

  it('can be done by keyboard alone', async () => {
    const visitor = await chromium.visitor()
    const { page } = visitor
    await signIn(visitor)
    await page.goto(endpoint())
    await arrive(page, 'Do you want to sign out?')
    await page.keyboard.press('Tab')
    await button(page, 'Sign out').and(page.locator(':focus')).waitFor()
    await page.keyboard.press('Enter')
    await arrive(page, SIGNED_OUT)
    expect(await sessionOf(visitor)).toBeUndefined()
  })

  it('asks for a form that another site posts, too, though it comes without our cookies', async () => {
    const visitor = await chromium.visitor()
    const { page } = visitor
    await signIn(visitor)
    const fields = Object.entries(params()).map(([name, value]) => {
      const text = value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
      return `<input type="hidden" name="${name}" value="${text}">`
    })
    const form = `<form method="post" action="${endpoint()}">${fields.join('')}<button>Leave</button></form>`
    others = await openSite('localhost', { '/': () => ({ html: html('App', form) }) })
    await page.goto(others.origin)
    await button(page, 'Leave').click()
    await arrive(page, ASKED)
    expect(await sessionOf(visitor)).toEqual(expect.any(String))
    await button(page, 'Sign out').click()
    await arrive(page, GOODBYE)
    expect(visits[0]?.searchParams.get('state')).toBe(params().state)
  })

  // The neighbour on another port is the same site, so the browser sends our cookies along with its form.
  it.each(['localhost', '127.0.0.1'] as const)('refuses the answer that a page on %s posts by itself', async (host) => {
    const visitor = await chromium.visitor()
    visitor.expectError(/status of 403/)
    const { page } = visitor
    await signIn(visitor)
    await page.goto(endpoint())
    const csrf = await page.locator('[name=csrf]').getAttribute('value')
    const form = `<form method="post" action="${endpoint()}"><input name="csrf" value="${csrf}">
      <input name="answer" value="sign-out"></form><script>document.forms[0].submit()</script>`
    others = await openSite(host, { '/': () => ({ html: html('Win a prize', form) }) })
    await page.goto(others.origin)
    await arrive(page, REFUSAL)
    expect(await sessionOf(visitor)).toEqual(expect.any(String))
    await page.goto(partner.signInAddress({ scope: 'write' }))
    await arrive(page, CONSENT)
  })
})
