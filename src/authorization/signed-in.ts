import type { Subjects } from '../identity/subjects.ts'
import type { Client } from '../oauth/client.ts'
import { OAuthError } from '../oauth/errors.ts'
import type { SignedIn } from './next-step.ts'
import type { Person } from './person.ts'

/** The person as the rule of the next step sees them. */
export function asClientKnows({ session, user, consent }: Person, client: Client, subjects: Subjects): SignedIn {
  return {
    subject: subjects.subjectFor(client, user.subject),
    session: session.id,
    authenticatedAt: session.authenticatedAt,
    consent,
  }
}

/** The refusal of a request that must not ask anybody anything (OpenID Connect Core §3.1.2.6). */
export function refusal(code: 'login_required' | 'consent_required'): OAuthError {
  const what = code === 'login_required' ? 'sign in' : 'consent'
  return new OAuthError(code, `the user must ${what}, and prompt is none`)
}
