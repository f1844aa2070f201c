import type { AuthorizationRequest } from '../oauth/authorization-request.ts'
import { type Client, isImpersonable } from '../oauth/client.ts'
import type { Consent } from '../store/sessions.ts'
import { askedOf, covers } from './consent.ts'

/** What an authorization request needs next: a person who signs in, their consent, nothing but the code, or an end. */
export type NextStep = 'login' | 'consent' | 'issue' | { refuse: 'login_required' | 'consent_required' }

/** Who sits before the browser, as far as the rule below needs to know. */
export interface SignedIn {
  /** By the `sub` the client knows. */
  subject: string
  authenticatedAt: number
  /** What they already allowed this client at this redirect URI. */
  consent: Consent | undefined
}

/**
 * Decides what comes next. Pure: the one rule of the authorize endpoint and of every step of an interaction.
 *
 * @param facts.askedAt when the request waited for a person from; undefined where it has just come, so that whoever must
 * sign in for this request has not done so yet
 */
export function nextStep(facts: {
  client: Client
  redirectUri: string
  request: AuthorizationRequest
  signedIn: SignedIn | undefined
  now: number
  askedAt: number | undefined
}): NextStep {
  const { request, signedIn } = facts
  const silent = request.prompt.includes('none')
  if (signedIn === undefined || mustSignIn(signedIn, facts)) return silent ? { refuse: 'login_required' } : 'login'
  if (mustConsent(signedIn, facts)) return silent ? { refuse: 'consent_required' } : 'consent'
  return 'issue'
}

function mustSignIn(
  signedIn: SignedIn,
  { request, now, askedAt }: { request: AuthorizationRequest; now: number; askedAt: number | undefined },
): boolean {
  const { prompt, maxAge, expectedSubject } = request
  // OpenID Connect Core §3.1.2.2: the hint names who it must be.
  if (expectedSubject !== undefined && expectedSubject !== signedIn.subject) return true
  const signedInForThis = askedAt !== undefined && signedIn.authenticatedAt >= askedAt
  if (signedInForThis) return false
  if (prompt.includes('login') || prompt.includes('select_account')) return true
  return maxAge !== undefined && now - signedIn.authenticatedAt >= maxAge * 1000
}

function mustConsent(
  { consent }: SignedIn,
  { client, redirectUri, request }: { client: Client; redirectUri: string; request: AuthorizationRequest },
): boolean {
  if (consent === undefined || request.prompt.includes('consent') || isImpersonable(client, redirectUri)) return true
  return !covers(consent, askedOf(request))
}
