import type { Request, Response } from 'express'
import type { ClientLogos } from '../../clients/client-logos.ts'
import type { ClientRegistry } from '../../clients/client-registry.ts'
import type { Lifetimes } from '../../config/load.ts'
import type { Cookies } from '../../http/cookies.ts'
import { csrfToken, type FormBinding, requireCsrfToken } from '../../http/csrf.ts'
import { readQuery } from '../../http/form.ts'
import { basePathOf } from '../../http/issuer-url.ts'
import { noteLanguage } from '../../http/request-facts.ts'
import type { SignIn } from '../../http/sign-in.ts'
import type { Views } from '../../http/views.ts'
import type { IdentitySource, User } from '../../identity/identity-source.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Mac } from '../../lib/mac.ts'
import type { Random } from '../../lib/random.ts'
import type { LocalizedText } from '../../locale/localized-text.ts'
import type { Resources } from '../../oauth/resource.ts'
import { readUiLocales } from '../../oauth/ui-locales.ts'
import type { Sessions } from '../../session/sessions.ts'
import type { Session } from '../../store/sessions.ts'
import type { Store } from '../../store/store.ts'
import type { Audit } from '../../telemetry/events.ts'

/** What the account page works with. */
export interface AccountDeps {
  config: { issuer: string; lifetimes: Lifetimes; resources: Resources }
  clients: ClientRegistry
  logos: ClientLogos
  sessions: Sessions
  identity: IdentitySource
  signIn: SignIn
  store: Pick<Store, 'authorizations' | 'consents'>
  csrf: Mac
  cookies: Cookies
  views: Views
  clock: Clock
  random: Random
  audit: Audit
  scopes(): Readonly<Record<string, LocalizedText>>
}

export const PATH = '/account'

/** One visit of a browser to the account page. */
export interface AccountVisit {
  /** The secret of the browser, new where it had none. */
  browser: string
  /** Who is signed in. */
  person: { session: Session; user: User } | undefined
}

/** Finds out who is there. Sees to it that the browser has the cookie that its forms are held against. */
export async function openAccount(req: Request, res: Response, deps: AccountDeps): Promise<AccountVisit> {
  noteLanguage(res, readUiLocales(readQuery(req).ui_locales))
  const known = deps.cookies.browser(req)
  const browser = known ?? deps.random.secret()
  if (known === undefined) deps.cookies.setBrowser(res, browser)
  const session = await deps.sessions.look(deps.cookies.session(req))
  const user = session && (await deps.identity.find(session.subject))
  return { browser, person: session && user && { session, user } }
}

/** The address of the page, without the origin. */
export function accountPath({ config }: AccountDeps): string {
  return basePathOf(config.issuer) + PATH
}

/** What the forms are bound to: browser and session, so that a page shown to one user is not answered as another. */
function bindingOf({ browser, person }: AccountVisit): FormBinding {
  return ['account-page', browser, person?.session.id ?? null]
}

/** The CSRF token of the forms of a visit. */
export function visitToken(visit: AccountVisit, mac: Mac): string {
  return csrfToken(bindingOf(visit), mac)
}

/** Throws OAuthError unless the token was made for this visit. */
export function requireVisitToken(token: string | undefined, visit: AccountVisit, mac: Mac): void {
  const refusal = { cause: 'wrong-account-csrf-token', remedy: 'open the page again' }
  requireCsrfToken(token, bindingOf(visit), mac, refusal)
}

/** Sends the browser to the page, so that a reload repeats nothing (RFC 9110 §15.4.4). */
export function sendToAccount(res: Response, deps: AccountDeps, query = ''): void {
  res
    .status(303)
    .set({ Location: accountPath(deps) + query, 'Cache-Control': 'no-store' })
    .end()
}
