import type { Response } from 'supertest'
import type { Browser } from './browser.ts'
import { alice } from './fixtures.ts'
import { type Form, readForm } from './html.ts'
import type { TestServer } from './server.ts'

/** An address of the documentation ranges, which no test runs at. */
export const HOME = '203.0.113.7'

export const GUESS = 'a guess that is not the password'

/** The answers to a sign-in. */
export const SIGNED_IN = 303
export const WRONG = 401
export const WAIT = 429

interface Try {
  username?: string
  /** What stands in X-Forwarded-For; left out where undefined. */
  from?: string | undefined
  /** A device cookie to send along. */
  device?: string
}

/** Somebody before the sign-in page, who may try a password more than once. */
export interface Visitor {
  browser: Browser
  /** Posts the form, by default as alice from HOME, and follows no redirect. */
  signIn(password: string, how?: Try): Promise<Response>
  /** The statuses of as many tries, one after another. */
  statuses(password: string, times: number, how?: Try): Promise<number[]>
}

/** @param browser to use again; by default one that was never here */
export async function visitor(server: TestServer, browser = server.browser()): Promise<Visitor> {
  const page = await browser.begin(server.request())
  // Where somebody is signed in, the page asks for consent; the address and the token are those of the sign-in too.
  const form = readForm(page.text, ['csrf']) as Form
  const signIn: Visitor['signIn'] = (password, how = {}) => {
    const from = 'from' in how ? how.from : HOME
    return browser.post(
      form.action,
      { ...form.hidden, step: 'login', username: how.username ?? alice.username, password },
      {
        ...(from === undefined ? {} : { 'X-Forwarded-For': from }),
        ...(how.device === undefined ? {} : { Cookie: `latchkey_device=${how.device}` }),
      },
    )
  }
  return {
    browser,
    signIn,
    async statuses(password, times, how) {
      const seen: number[] = []
      for (let time = 0; time < times; time++) seen.push((await signIn(password, how)).status)
      return seen
    },
  }
}

/** The device cookie that an answer sets. */
export function deviceCookieOf(answer: Response): string | undefined {
  return /latchkey_device=([^;]+)/.exec(String(answer.headers['set-cookie']))?.[1]
}

/** As many addresses, each a network of its own. */
export function addresses(count: number, block = '198.18'): string[] {
  return Array.from({ length: count }, (_, index) => `${block}.${index >> 8}.${index & 255}`)
}

/** Strangers at many addresses guess until the account makes strangers wait. */
export async function guessFromEverywhere(server: TestServer, username = 'alice', count = 20): Promise<Response[]> {
  const stranger = await visitor(server)
  return Promise.all(addresses(count).map((from) => stranger.signIn(GUESS, { username, from })))
}
