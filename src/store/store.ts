import type { AuthorizationRequest } from '../oauth/authorization-request.ts'
import type { AttemptStore } from './attempts.ts'

/**
 * The ports of the store. Each verb is one atomic move that answers with a tagged union, so that no caller can check
 * first and act later. Instants are milliseconds since the epoch and come from the caller's clock; durations are
 * milliseconds. Every verb throws StoreUnavailable where the store cannot be reached in time.
 */
export interface Store {
  readonly authorizations: AuthorizationStore
  readonly interactions: InteractionStore
  readonly sessions: SessionStore
  readonly consents: ConsentStore
  readonly accessTokens: AccessTokenStore
  readonly once: OnceStore
  readonly attempts: AttemptStore
  /** Resolves where the store answers. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** The store did not answer in time or cannot be reached; what was asked may or may not have happened. */
export class StoreUnavailable extends Error {
  constructor(reason: unknown) {
    super(`the store is out of reach: ${reason instanceof Error ? reason.message : String(reason)}`)
    this.name = 'StoreUnavailable'
  }
}

/** What one user allowed one client in one flow, from code to last refresh. */
export interface Authorization {
  /** 22 characters; names the record and is no proof of anything. */
  id: string
  clientId: string
  subject: string
  scope: readonly string[]
  /** What its tokens may be for, at least one (RFC 8707). */
  resources: readonly string[]
  /** When the user last proved who they are. */
  authenticatedAt: number
  /** The session it was born in. */
  sessionId: string
  createdAt: number
  expiresAt: number
  /** Generation of the newest refresh token; 0 while it is a code, 1 from redemption on. */
  generation: number
}

/** An authorization about to be born as a code. */
export interface NewAuthorization {
  id: string
  clientId: string
  subject: string
  scope: readonly string[]
  resources: readonly string[]
  redirectUri: string
  codeChallenge: string
  authenticatedAt: number
  sessionId: string
  createdAt: number
  codeExpiresAt: number
}

export interface Redemption {
  id: string
  clientId: string
  /** The redirect_uri of the token request; checked where it was sent. */
  redirectUri: string | undefined
  /** The resource the token is asked for; must be among those granted. */
  resource: string | undefined
  /** S256 of the presented verifier. */
  codeChallenge: string
  now: number
  /** Until when the authorization lives once it is active. */
  activeUntil: number
  /** How long after redemption the same client with the right verifier is refused without revocation. */
  replayLeniency: number
}

export type RedeemResult =
  | { status: 'redeemed'; authorization: Authorization }
  /** Was redeemed before. `revoked` tells whether this replay ended the authorization. */
  | { status: 'replayed'; revoked: boolean }
  /** The code is burnt: the record is deleted. */
  | { status: 'wrong-verifier'; codeChallenge: string }
  | { status: 'wrong-client' }
  | { status: 'wrong-redirect-uri' }
  | { status: 'wrong-resource' }
  /** Never existed, expired or was revoked: which of them, the store no longer knows. */
  | { status: 'unknown' }

export interface Rotation {
  id: string
  clientId: string
  /** The generation of the presented refresh token. */
  generation: number
  /** The scopes asked for; empty means all. */
  scope: readonly string[]
  /** The resource the token is asked for; must be among those granted. */
  resource: string | undefined
  now: number
  /** How long the authorization lives on without another refresh. */
  idleTtl: number
  /** How long after its creation it may live at most. */
  maxTtl: number
  /** How long the direct parent of the newest generation still gets that generation again. */
  grace: number
}

export type RotateResult =
  | { status: 'rotated'; authorization: Authorization }
  /** The direct parent within the grace: the same successor once more. */
  | { status: 'converged'; authorization: Authorization }
  /** An older token, or the parent after the grace: the record is deleted. */
  | { status: 'reused' }
  | { status: 'wrong-client' }
  | { status: 'wrong-scope'; scope: readonly string[] }
  | { status: 'wrong-resource' }
  | { status: 'unknown' }

export interface AuthorizationStore {
  /** Stores a new authorization in the state `code`. */
  create(authorization: NewAuthorization): Promise<void>
  /** Turns a code into an active authorization, at most once ever. */
  redeem(redemption: Redemption): Promise<RedeemResult>
  /** Moves an active authorization to its next generation. */
  rotate(rotation: Rotation): Promise<RotateResult>
  /** The authorization while it is active, else undefined. */
  find(id: string, now: number): Promise<Authorization | undefined>
  /** Ends the authorization; everything issued from it is worth nothing from now on. */
  revoke(id: string): Promise<void>
}

/** One authorization request that waits for a person. Its id becomes the id of the authorization it ends in. */
export interface Interaction {
  id: string
  request: AuthorizationRequest
  /** SHA-256 of the secret of the browser that began it. */
  browserHash: string
  createdAt: number
  expiresAt: number
  outcome?: 'issued' | 'denied'
}

export type FinishResult =
  /** `outcome` is the first answer ever given, and `first` whether this was it; a later, different one changes nothing. */
  | { status: 'finished'; outcome: 'issued' | 'denied'; first: boolean }
  /** It was issued before and its code is used or gone: there is nothing left to hand out. */
  | { status: 'spent' }
  | { status: 'unknown' }

export interface InteractionStore {
  create(interaction: Interaction): Promise<void>
  find(id: string, now: number): Promise<Interaction | undefined>
  /**
   * Ends an interaction with the person's first answer and, for a yes, creates the authorization of the same id in the
   * same step. Asked again it tells the first answer, so a consent posted twice gives one code.
   */
  finish(id: string, answer: NewAuthorization | 'denied', now: number): Promise<FinishResult>
}

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
  create(session: Session, idleTtl: number): Promise<void>
  /**
   * The live session, its idle time begun anew, and what its user already allowed the client: one trip, since every
   * authorization request of a signed-in person asks for both.
   */
  find(
    id: SessionId,
    consentFor: ConsentSubject,
    now: number,
    idleTtl: number,
  ): Promise<{ session: Session; consent: Consent | undefined } | undefined>
  end(id: SessionId): Promise<void>
}

export interface ConsentStore {
  /** Remembers the consent in place of an earlier one for the same client and redirect URI. */
  remember(userKey: string, consentFor: ConsentSubject, consent: Consent, now: number): Promise<void>
}

/** What names an access token in the store: its `jti`, and the authorization it came from where there is one. */
export interface AccessTokenName {
  authorizationId: string | undefined
  tokenId: string
}

export interface AccessTokenStore {
  /** Whether the token still stands: not revoked itself, and its authorization active. One trip. */
  stands(token: AccessTokenName, now: number): Promise<boolean>
  /** Revokes one access token; remembered for as long as it would have been good. */
  revoke(token: AccessTokenName, expiresAt: number, now: number): Promise<void>
}

export interface OnceStore {
  /**
   * Whether this is the first use of the id in its scope. Every later one, on any process, is not, until `expiresAt` at
   * the earliest: nothing that is good for longer may be counted here.
   *
   * @param scope a constant name, and whose ids they are
   */
  use(scope: string, id: string, expiresAt: number, now: number): Promise<boolean>
}
