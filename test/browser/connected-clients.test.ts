import { useChromium } from '../helpers/chromium.ts'
import { openIdClient, signInBy } from '../helpers/sign-out.ts'
import { openPartner, type Partner, WELCOME } from './partner.ts'
import { allow, arrive, goToConsent, SIGN_IN, signIn } from './steps.ts'

const CONNECTED = 'Connected apps'

describe('the page of connected apps', () => {
  const chromium = useChromium()
  let partner: Partner
  beforeEach(async () => {
    partner = await openPartner({ clients: [openIdClient] })
  })
  afterEach(() => partner.close())

  it('shows what may act for the person, and ends at once what they disconnect', async () => {
    const elsewhere = await signInBy(partner.server)
    const theirs = await chromium.visitor()
    await goToConsent(theirs.page, partner.signInAddress())
    await allow(theirs.page)
    await arrive(theirs.page, WELCOME)
    const tokens = (await (await partner.redeem(partner.callbacks[0])).json()) as { refresh_token: string }

    const { page } = await chromium.visitor()
    await page.goto(`${partner.server.issuer}/account`)
    await arrive(page, SIGN_IN)
    await page.reload()
    await arrive(page, SIGN_IN)
    await signIn(page)
    await arrive(page, CONNECTED)
    const names = page.getByRole('heading', { level: 2 })
    expect((await names.allInnerTexts()).sort()).toEqual(['Example Backend', 'Signing App'])
    const powers = page.getByRole('list', { name: 'Example Backend' }).getByRole('listitem')
    expect(await powers.allInnerTexts()).toEqual(['See your things'])
    await page.getByRole('button', { name: 'Disconnect Example Backend', exact: true }).click()

    const message = page.getByRole('status')
    await message.waitFor()
    await page.waitForLoadState()
    expect(await message.textContent()).toBe('Example Backend is disconnected.')
    expect(await names.allInnerTexts()).toEqual(['Signing App'])
    await page.reload()
    await arrive(page, CONNECTED)
    expect(await names.allInnerTexts()).toEqual(['Signing App'])

    const refused = await partner.refresh(tokens.refresh_token)
    expect({ status: refused.status, body: await refused.json() }).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
    const refresh = { grant_type: 'refresh_token', client_id: 'signer' }
    const other = await partner.server.token({ ...refresh, refresh_token: elsewhere.tokens.refresh_token as string })
    expect(other.status).toBe(200)

    // The consent went with it: the partner has to ask again.
    await theirs.page.goto(partner.signInAddress())
    await theirs.page.getByRole('list', { name: 'It will be able to' }).waitFor()
  })

  it('leads to where the person signs out', async () => {
    const { page } = await chromium.visitor()
    await page.goto(`${partner.server.issuer}/account`)
    await signIn(page)
    await arrive(page, CONNECTED)
    await page.getByText('No app can act for you at the moment.').waitFor()
    await page.getByRole('link', { name: 'Sign out' }).click()
    await arrive(page, 'Do you want to sign out?')
  })
})
