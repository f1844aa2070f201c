/** The way of a person over every page there is. */
import type { BrowserContext, Page } from 'playwright-core'
import { authorizeAddress, PERSON, redemption } from './settings.ts'
import type { Stage } from './stage.ts'

/** Takes the pictures of the page as it stands. */
export type Look = (page: Page, name: string) => Promise<void>

/** Every page in English. */
export async function walk(context: BrowserContext, { issuer, pass }: Stage, look: Look): Promise<void> {
  const page = await context.newPage()
  const begin = (client: string, more?: Record<string, string>) => page.goto(authorizeAddress(issuer, client, more))
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
  /** Says yes, and lets the client have its tokens. Nobody answers at its address, which is as it should be here. */
  const connect = async (client: string) => {
    const arrival = page.waitForEvent('requestfailed')
    await press('Allow access')
    const callback = (await arrival).url()
    await page.waitForURL('chrome-error:**', { waitUntil: 'commit' }).catch(() => undefined)
    await fetch(`${issuer}/oauth/token`, { method: 'POST', body: redemption(client, callback) })
  }

  await begin('charts')
  await signIn(page)
  await connect('charts')
  pass(19)

  await begin('ledgerly')
  await look(page, 'sign-in')
  await signIn(page, 'difference-engine')
  await page.getByRole('alert').waitFor()
  await look(page, 'sign-in-problem')
  await signIn(page)
  await look(page, 'consent')
  const consent = page.url()
  await connect('ledgerly')
  await page.goto(consent)
  await look(page, 'finished')

  await begin('ledgerly', { prompt: 'select_account' })
  await look(page, 'accounts')

  pass(0.2)
  await begin('fieldnotes')
  await look(page, 'consent-granular')
  await page.getByRole('checkbox', { name: 'invoices for you' }).uncheck()
  await connect('fieldnotes')

  await begin('pocket')
  await connect('pocket')
  await begin('pocket')
  await look(page, 'continue')

  await page.goto(`${issuer}/account`)
  await page.getByRole('button', { name: 'Disconnect Pocket Receipts' }).click()
  await page.getByRole('status').waitFor()
  await look(page, 'account')

  await begin('ledgerly', { redirect_uri: 'https://ledgerly.example/connect' })
  await look(page, 'error')

  await page.goto(`${issuer}/oauth/logout?client_id=ledgerly`)
  await look(page, 'sign-out')
  await press('Sign out')
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
  await look(page, 'signed-out')
}

/** The consent page in the language of the browser. */
export async function walkToConsent(context: BrowserContext, { issuer }: Stage): Promise<Page> {
  const page = await context.newPage()
  await page.goto(authorizeAddress(issuer, 'ledgerly', { prompt: 'consent' }))
  await signIn(page)
  await page.locator('input[name=step][value=consent]').waitFor({ state: 'attached' })
  return page
}

/** By the fields' names, which are the same in every language. */
async function signIn(page: Page, password = PERSON.password): Promise<void> {
  await page.locator('[name=username]').fill(PERSON.username)
  await page.locator('[name=password]').fill(password)
  await page.locator('[name=password]').press('Enter')
  await page.waitForLoadState()
}
