/** A signed-in browser. */
export interface Session {
  id: SessionId
  subject: string
  authenticatedAt: number
  /**
   * 22 characters that name the sign-in and are no proof of anything: the same for all sessions in which one user, in one
   * browser, proved again and again who they are. What is issued in a session is known by it.
   */
  lineage: string
  /** When the first session of the lineage began. */
  beganAt: number
  /** Whether the person asked to be kept signed in. */
  kept: boolean
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

/** What a person has just allowed: every scope at every resource. */
export interface GivenConsent {
  scope: readonly string[]
  /** What they were asked and left out; none of it stands in `scope`. */
  leftOut: readonly string[]
  /** At least one. */
  resources: readonly string[]
  expiresAt: number
}

/** What a consent is for, beside the user. */
export interface ConsentSubject {
  clientId: string
  redirectUri: string
}

/** A remembered consent with what it is for. */
export interface RememberedConsent extends ConsentSubject {
  consent: Consent
}

/** A session that has just ended, and the ids of the authorizations that may have been born in its lineage. */
export interface EndedSession {
  session: Session
  /** Those that its user asked for since the lineage began, in any browser. */
  asked: readonly string[]
}

export interface SessionStore {
  /** @param idleTtl how long it lives without use; the session keeps it */
  create(session: Session, idleTtl: number): Promise<void>
  /**
   * The live session, its idle time begun anew, and what its user already allowed the client: one trip, since every
   * authorization request of a signed-in person asks for both. In the same step the user's index learns the authorization
   * that may come of the request, so that nothing is issued that its user, or the end of the session, cannot find.
   *
   * @param authorizationId the id that the authorization will have, should there be one
   * @param indexTtl how long the index remembers it: no less than any authorization lives
   */
  find(
    id: SessionId,
    consentFor: ConsentSubject,
    authorizationId: string,
    now: number,
    indexTtl: number,
  ): Promise<{ session: Session; consent: Consent | undefined } | undefined>
  /** The live session as it is; looking at it is no use of it. */
  look(id: SessionId, now: number): Promise<Session | undefined>
  /** Ends the session; undefined where it was over already. */
  end(id: SessionId, now: number): Promise<EndedSession | undefined>
}

export interface ConsentStore {
  /**
   * Adds to the consent for the same client and redirect URI what was just allowed, takes away at the same resources what was
   * just left out, and has all of it end when the newest yes does. By resource: a yes to reading mail and another to writing
   * files must never add up to writing mail.
   */
  remember(userKey: string, consentFor: ConsentSubject, given: GivenConsent, now: number): Promise<void>
  /** All that is remembered of the user. */
  ofUser(userKey: string, now: number): Promise<readonly RememberedConsent[]>
  /** Forgets every consent of the user to the client, whatever its redirect URI. */
  forget(userKey: string, clientId: string): Promise<void>
}
