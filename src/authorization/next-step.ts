import { type Client, isImpersonable } from '../oauth/client.ts'
import type { Consent } from '../store/store.ts'
import { covers } from './consent.ts'

/** What an authorization request needs next: a person who signs in, their consent, or nothing but the code. */
export type NextStep = 'login' | 'consent' | 'issue'

/**
 * Decides what comes next. Pure: the one rule of the authorize endpoint and of every step of an interaction.
 *
 * @param facts.signedIn whether a live session of an existing user stands behind the request
 * @param facts.consent what that user already allowed this client at this redirect URI
 */
export function nextStep(facts: {
  client: Client
  redirectUri: string
  request: { scope: readonly string[]; resources: readonly string[] }
  signedIn: boolean
  consent: Consent | undefined
}): NextStep {
  const { client, redirectUri, request, signedIn, consent } = facts
  if (!signedIn) return 'login'
  if (consent === undefined || isImpersonable(client, redirectUri)) return 'consent'
  return covers(consent, request) ? 'issue' : 'consent'
}
