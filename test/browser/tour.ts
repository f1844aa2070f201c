import type { Locator, Page } from 'playwright-core'
import type { Environment } from '../../src/config/load.ts'
import { alice, confidentialClient, nativeClient } from '../helpers/fixtures.ts'
import { openPartner, type Partner, WELCOME } from './partner.ts'
import { alerted, arrive } from './steps.ts'
import type { Words } from './words.ts'

/** Every page there is, in the order of the tour. */
export const PAGES = [
  'error',
  'error with a way back',
  'sign-in to the account page',
  'sign-in',
  'sign-in with an alert',
  'consent',
  'finished',
  'account without clients',
  'consent by choice',
  'consent by choice with an alert',
  'consent to more',
  'choice of an account',
  'sign-in to another account',
  'consent with a caution',
  'continue',
  'form post',
  'account',
  'account after disconnecting',
  'sign-out',
  'still signed in',
  'signed-out',
] as const

/** Messages in the console that belong to the tour: Chromium notes every answer that is an error. */
export const TOUR_ERRORS = /status of 40[014]/

const DAY_SECONDS = 86_400
const WEB = 'https://policies.example'

/** Opens a partner among clients of every kind, all of one name, so that every page there is can be come to. */
export function openTourPartner(name: string, env: Environment = {}): Promise<Partner> {
  const clients = [
    { ...confidentialClient, client_id: 'chooser', consent: 'granular', redirect_uris: ['http://localhost/callback'] },
    { ...nativeClient },
    {
      ...confidentialClient,
      client_id: 'desktop',
      consent: 'implicit',
      application_type: 'native',
      redirect_uris: ['com.example.desktop:/callback'],
    },
  ]
  const links = { SUPPORT_URL: `${WEB}/help`, PRIVACY_URL: `${WEB}/privacy`, TERMS_URL: `${WEB}/terms` }
  return openPartner({
    clients: clients.map((client) => ({ ...client, client_name: name })),
    metadata: { client_name: name, policy_uri: `${WEB}/privacy`, tos_uri: `${WEB}/terms` },
    env: { ...links, ...env },
  })
}

/**
 * Goes over every page as a person does.
 *
 * @param words of the language that the browser asks for
 * @param lookAt is called on each of PAGES
 */
export async function tour(
  page: Page,
  { partner, words }: { partner: Partner; words: Words },
  lookAt: (name: (typeof PAGES)[number]) => Promise<void>,
): Promise<void> {
  const look = async (name: (typeof PAGES)[number]) => {
    await page.waitForLoadState()
    await lookAt(name)
  }
  const { issuer } = partner.server
  const button = (key: string): Locator => page.getByRole('button', { name: words.pattern(key) })
  const at = (key: string) => arrive(page, words.pattern(key))
  const ask = (wanted: Record<string, string>) => page.goto(partner.requestAddress(wanted))
  const signIn = async (password: string) => {
    await page.getByLabel(words.text('sign-in.username')).fill(alice.username)
    await page.getByLabel(words.text('sign-in.password')).fill(password)
    await button('sign-in.submit').click()
  }

  await ask({ client_id: 'backend', redirect_uri: `${partner.redirectUri}/${'x'.repeat(300)}` })
  await at('error.general.title')
  await look('error')
  await page.goto(partner.signInAddress())
  await at('sign-in.title')
  partner.server.clock.advance({ seconds: DAY_SECONDS })
  await page.reload()
  await at('error.general.title')
  await look('error with a way back')

  await page.goto(`${issuer}/account`)
  await at('sign-in.title')
  await look('sign-in to the account page')
  await page.goto(partner.signInAddress({ scope: 'read write' }))
  await at('sign-in.title')
  await look('sign-in')
  await signIn('through the looking-glass')
  await alerted(page)
  await look('sign-in with an alert')
  await signIn(alice.password)
  await at('consent.heading')
  await look('consent')
  await button('consent.allow').click()
  await arrive(page, WELCOME)
  await page.goBack()
  await at('finished.heading')
  await look('finished')
  await page.goto(`${issuer}/account`)
  await page.getByText(words.text('account.none')).waitFor()
  await look('account without clients')
  await partner.redeem(partner.callbacks[0])

  const choosing = { client_id: 'chooser', redirect_uri: partner.redirectUri, scope: 'read write' }
  await ask(choosing)
  await at('consent.heading')
  await look('consent by choice')
  for (const power of await page.getByRole('checkbox').all()) await power.uncheck()
  await button('consent.allow').click()
  await alerted(page)
  await look('consent by choice with an alert')
  await page.getByRole('checkbox').first().check()
  await button('consent.allow').click()
  await arrive(page, WELCOME)
  await ask(choosing)
  await page.getByRole('list', { name: words.text('consent.known') }).waitFor()
  await look('consent to more')

  await page.goto(partner.signInAddress({ prompt: 'select_account' }))
  await at('accounts.title')
  await look('choice of an account')
  await button('accounts.another').click()
  await at('sign-in.title')
  await look('sign-in to another account')
  await button('accounts.this').click()
  await arrive(page, WELCOME)

  await ask({ client_id: 'native', redirect_uri: 'com.example.native:/callback' })
  await page.getByText(words.text('consent.impersonable')).waitFor()
  await look('consent with a caution')
  await ask({ client_id: 'desktop', redirect_uri: 'com.example.desktop:/callback' })
  await at('continue.heading')
  await look('continue')
  // Without its script the page stays to be looked at.
  await page.route('**/form-post.js*', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }))
  await page.goto(partner.signInAddress({ response_mode: 'form_post' }))
  await at('form-post.heading')
  await look('form post')
  await page.unroute('**/form-post.js*')

  await page.goto(`${issuer}/account`)
  await at('account.title')
  const disconnect = page.getByRole('button', { name: words.text('account.disconnect') })
  await disconnect.waitFor()
  await look('account')
  await disconnect.click()
  await page.getByRole('status').waitFor()
  await look('account after disconnecting')

  await page.goto(`${issuer}/oauth/logout?client_id=backend`)
  await at('sign-out.heading-client')
  await look('sign-out')
  await button('sign-out.stay').click()
  await at('signed-out.heading-stayed')
  await look('still signed in')
  await page.goto(`${issuer}/oauth/logout?client_id=backend`)
  await button('sign-out.submit').click()
  await at('signed-out.heading')
  await look('signed-out')
}
