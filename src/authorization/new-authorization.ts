import type { AuthorizationRequest } from '../oauth/authorization-request.ts'
import type { Session } from '../store/sessions.ts'
import type { NewAuthorization } from '../store/store.ts'

/**
 * The authorization that a request ends in when its person says yes.
 *
 * @param codeLifetime milliseconds
 */
export function newAuthorization(facts: {
  id: string
  request: AuthorizationRequest
  session: Session
  now: number
  codeLifetime: number
}): NewAuthorization {
  const { id, request, session, now, codeLifetime } = facts
  return {
    id,
    clientId: request.clientId,
    subject: session.subject,
    scope: request.scope,
    resources: request.resources,
    redirectUri: request.redirectUri,
    codeChallenge: request.codeChallenge,
    authenticatedAt: session.authenticatedAt,
    sessionId: session.lineage,
    createdAt: now,
    codeExpiresAt: now + codeLifetime,
    ...(request.nonce === undefined ? {} : { nonce: request.nonce }),
    ...(request.claims === undefined ? {} : { claims: request.claims }),
    ...(request.dpopJkt === undefined ? {} : { dpopJkt: request.dpopJkt }),
  }
}
