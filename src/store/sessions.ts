/** A signed-in browser. */
export interface Session {
  id: SessionId
  subject: string
  authenticatedAt: number
  /** When it ends however much it is used. */
  endsAt: number
}

/** `userKey` groups what belongs to one user in one place of the store; `secret` tells that user's sessions apart. */
export interface SessionId {
  userKey: string
  secret: string
}

/** A remembered yes: per user, client and redirect URI. */
export interface Consent {
  /** What was allowed at each API; an API stands here once. */
  grants: ReadonlyArray<{ resource: string; scope: readonly string[] }>
  expiresAt: number
}

/** What a consent is for, beside the user. */
export interface ConsentSubject {
  clientId: string
  redirectUri: string
}

export interface SessionStore {
  /** @param issued ids of authorizations that the session remembers from its beginning */
  create(session: Session, issued: readonly string[], idleTtl: number): Promise<void>
  /**
   * The live session, its idle time begun anew, and what its user already allowed the client: one trip, since every
   * authorization request of a signed-in person asks for both. In the same step the session remembers the authorization
   * that may come of the request, up to MOST_ISSUED of them, so that nothing is issued in it that its end cannot find.
   *
   * @param authorizationId the id that the authorization will have, should there be one
   */
  find(
    id: SessionId,
    consentFor: ConsentSubject,
    authorizationId: string,
    now: number,
    idleTtl: number,
  ): Promise<{ session: Session; consent: Consent | undefined } | undefined>
  /** The live session as it is; looking at it is no use of it. */
  look(id: SessionId, now: number): Promise<Session | undefined>
  /** Ends the session, and tells the ids of the authorizations that may have been born in it. */
  end(id: SessionId): Promise<readonly string[]>
}

/** How many authorizations a session remembers, the newest ones: what bounds the memory and the work of its end. */
export const MOST_ISSUED = 1000

export interface ConsentStore {
  /** Remembers the consent in place of an earlier one for the same client and redirect URI. */
  remember(userKey: string, consentFor: ConsentSubject, consent: Consent, now: number): Promise<void>
}
