import type { IdentitySource, User } from '../identity/identity-source.ts'
import type { Sessions } from '../session/sessions.ts'
import type { Consent, Session } from '../store/sessions.ts'
import type { Target } from './target.ts'

/** Who sits before the browser: their session, their account, and what they already allowed the client. */
export interface Person {
  session: Session
  user: User
  consent: Consent | undefined
}

/**
 * The signed-in person behind a session handle; undefined too where their account is gone since.
 *
 * @param authorizationId of the authorization that may come of this request: it may have to end with the session
 */
export async function findPerson(
  handle: string | undefined,
  target: Target,
  authorizationId: string,
  deps: { sessions: Sessions; identity: IdentitySource },
): Promise<Person | undefined> {
  const consentFor = { clientId: target.client.client_id, redirectUri: target.registeredUri }
  const found = await deps.sessions.find(handle, consentFor, authorizationId)
  const user = found && (await deps.identity.find(found.session.subject))
  return found && user && { ...found, user }
}
