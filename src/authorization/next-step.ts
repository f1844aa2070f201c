import type { AuthorizationRequest } from '../oauth/authorization-request.ts'
import { type Client, isImpersonable } from '../oauth/client.ts'
import { opensApp } from '../oauth/client-site.ts'
import type { Consent, SessionId } from '../store/sessions.ts'
import type { SettledAccount } from '../store/store.ts'
import { askedOf, covers } from './consent.ts'

/**
 * What an authorization request needs next: someone who signs in, the choice of an account, consent, a tap that opens the
 * client's app, nothing but the code, or an end.
 */
export type NextStep =
  | 'login'
  | 'choose'
  | 'consent'
  | 'continue'
  | 'issue'
  | { refuse: 'login_required' | 'consent_required' }

/** Who sits before the browser, as far as the rule below needs to know. */
export interface SignedIn {
  /** By the `sub` the client knows. */
  subject: string
  session: SessionId
  authenticatedAt: number
  /** What they already allowed this client at this redirect URI. */
  consent: Consent | undefined
}

interface Facts {
  client: Client
  redirectUri: string
  request: AuthorizationRequest
  signedIn: SignedIn | undefined
  now: number
  /** Whose account the person said this very request goes on with; undefined where nobody was asked yet. */
  account: SettledAccount | undefined
}

/** Decides what comes next. Pure: the one rule of the authorize endpoint and of every step of an interaction. */
export function nextStep(facts: Facts): NextStep {
  const { request, signedIn } = facts
  const silent = request.prompt.includes('none')
  if (signedIn === undefined || mustSignIn(signedIn, facts)) return silent ? { refuse: 'login_required' } : 'login'
  const settled = isSettled(signedIn, facts.account)
  if (!settled && (request.prompt.includes('select_account') || isInDoubt(signedIn, facts.account))) return 'choose'
  if (mustConsent(signedIn, facts)) return silent ? { refuse: 'consent_required' } : 'consent'
  // Browsers open an installed app only where a person has just tapped something; after a sign-in they have.
  if (opensApp(facts.client, facts.redirectUri) && !settled && !silent) return 'continue'
  return 'issue'
}

function mustSignIn(signedIn: SignedIn, { request, now, account }: Facts): boolean {
  const { prompt, maxAge, expectedSubject } = request
  if (account === 'another') return true
  // OpenID Connect Core §3.1.2.2: the hint names who it must be.
  if (expectedSubject !== undefined && expectedSubject !== signedIn.subject) return true
  if (isSettled(signedIn, account) && account.by === 'sign-in') return false
  if (prompt.includes('login')) return true
  return maxAge !== undefined && now - signedIn.authenticatedAt >= maxAge * 1000
}

/** Whether the person said, for this very request, that it goes on with the session they are in now. */
function isSettled(
  { session }: SignedIn,
  account: SettledAccount | undefined,
): account is Extract<SettledAccount, object> {
  return (
    typeof account === 'object' &&
    account.session.userKey === session.userKey &&
    account.session.secret === session.secret
  )
}

/** Whether somebody else is signed in by now than whom the person knew to be: what they have allowed is not the others' yes. */
function isInDoubt({ session }: SignedIn, account: SettledAccount | undefined): boolean {
  return account === 'unsure' || (typeof account === 'object' && account.session.userKey !== session.userKey)
}

function mustConsent({ consent }: SignedIn, { client, redirectUri, request }: Facts): boolean {
  if (request.prompt.includes('consent') || isImpersonable(client, redirectUri)) return true
  if (client.consent === 'implicit') return false
  return consent === undefined || !covers(consent, askedOf(request))
}
