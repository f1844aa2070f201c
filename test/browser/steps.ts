import type { Locator, Page } from 'playwright-core'
import { alice } from '../helpers/fixtures.ts'

/** What a person does and sees on the pages of the server, by the words that are there. */

export const SIGN_IN = 'Sign in'
export const CONSENT = /wants access to your account$/
export const FINISHED = 'This sign-in is already finished'
export const REFUSAL = 'This request cannot go on'

/** Waits until the page with this heading is there, to its end and with its styles: its heading may be seen long before. */
export async function arrive(page: Page, heading: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor()
  await page.waitForLoadState()
}

/** Waits until the page that says what is wrong is there, to its end. */
export async function alerted(page: Page): Promise<void> {
  await page.getByRole('alert').waitFor()
  await page.waitForLoadState()
}

/** Waits until the element has the focus. Where the page gives it, it does so some time after it is there. */
export async function hasFocus(element: Locator): Promise<void> {
  await element.and(element.page().locator(':focus')).waitFor()
}

export function button(page: Page, name: string): Locator {
  return page.getByRole('button', { name, exact: true })
}

/** Fills the sign-in form in and sends it. */
export async function signIn(page: Page, person: { username: string; password: string } = alice): Promise<void> {
  await page.getByLabel('Username').fill(person.username)
  await page.getByLabel('Password').fill(person.password)
  await button(page, 'Sign in').click()
}

export async function allow(page: Page): Promise<void> {
  await button(page, 'Allow access').click()
}

/** Goes to the address of a client and on to the consent page. */
export async function goToConsent(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await arrive(page, SIGN_IN)
  await signIn(page)
  await arrive(page, CONSENT)
}
