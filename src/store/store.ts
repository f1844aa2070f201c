import type { AuthorizationRequest, ClaimsRequest } from '../oauth/authorization-request.ts'
import type { AttemptStore } from './attempts.ts'
import type { OnceStore } from './once.ts'
import type { RateLimitStore } from './rate-limits.ts'
import type { RefusalStore } from './refusals.ts'
import type { ConsentStore, SessionId, SessionStore } from './sessions.ts'

/**
 * The ports of the store. Each verb is one atomic move that answers with a tagged union, so that no caller can check
 * first and act later. Instants are milliseconds since the epoch and come from the caller's clock; durations are
 * milliseconds. Every verb throws StoreUnavailable where the store cannot be reached in time.
 */
export interface Store {
  readonly authorizations: AuthorizationStore
  readonly interactions: InteractionStore
  readonly pushedRequests: PushedRequestStore
  readonly sessions: SessionStore
  readonly consents: ConsentStore
  readonly accessTokens: AccessTokenStore
  readonly once: OnceStore
  readonly attempts: AttemptStore
  readonly rateLimits: RateLimitStore
  readonly refusals: RefusalStore
  /** Looks whether the store is fit to be used; fails never, a store out of reach is a problem of it. */
  check(now: number): Promise<Health>
  close(): Promise<void>
}

/** How a store is, in full sentences that an operator may read anywhere: there is no secret in them. */
export interface Health {
  /** Why requests that need it fail; empty where they do not. */
  problems: readonly string[]
  /** What puts records at risk. */
  warnings: readonly string[]
}

/** The store did not answer in time or cannot be reached; what was asked may or may not have happened. */
export class StoreUnavailable extends Error {
  readonly reason: string

  constructor(reason: string) {
    super(`the store is out of reach: ${reason}`)
    this.name = 'StoreUnavailable'
    this.reason = reason
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
  /** The lineage of the session it was born in. */
  sessionId: string
  createdAt: number
  /** When it was last redeemed or rotated. */
  usedAt: number
  expiresAt: number
  nonce?: string
  claims?: ClaimsRequest
  /** The thumbprint of the key that its refresh tokens are bound to (RFC 9449 §5). */
  dpopJkt?: string
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
  /** The lineage of the session. */
  sessionId: string
  createdAt: number
  codeExpiresAt: number
  nonce?: string
  claims?: ClaimsRequest
  /** The thumbprint of the key that the code is bound to (RFC 9449 §10). */
  dpopJkt?: string
}

/** The key that a token request proved to hold (RFC 9449 §4). */
export interface ProvenKey {
  /** Its thumbprint; undefined where the request came without a proof. */
  dpopJkt: string | undefined
  /** Whether refresh tokens handed out from here on need that key: those of public clients do (§5). */
  bindsRefreshTokens: boolean
}

export interface Redemption extends ProvenKey {
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
  /** The code is bound to another key than the one proven, or none was. It stays as it was. */
  | { status: 'wrong-dpop-key' }
  /** Never existed, expired or was revoked: which of them, the store no longer knows. */
  | { status: 'unknown' }

export interface Rotation extends ProvenKey {
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
  /** An older token, or the parent after the grace, or one from before the tokens were bound: the record is deleted. */
  | { status: 'reused' }
  | { status: 'wrong-client' }
  | { status: 'wrong-scope'; scope: readonly string[] }
  | { status: 'wrong-resource' }
  /** The refresh token is bound to another key than the one proven, or none was. Nothing has changed. */
  | { status: 'wrong-dpop-key' }
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
  /**
   * Ends the authorization, code or active, where it goes with the session it was born in: its scope has openid and not
   * offline_access (OpenID Connect Core §11).
   *
   * @param subject whose it must be
   * @param lineage of the session that ends
   */
  endWithSession(id: string, subject: string, lineage: string, now: number): Promise<EndResult>
  /** The active authorizations of a user, the newest first. */
  ofUser(owner: Owner, now: number): Promise<readonly Authorization[]>
  /**
   * Ends every authorization of a user for one client, codes included, and tells the ids of those it ended. Each is a move of
   * its own; all are tried, and where one fails it throws.
   */
  endForClient(owner: Owner, clientId: string, now: number): Promise<readonly string[]>
}

/** Whose authorizations are meant: `userKey` finds the user's index, and `subject` is what every record must say. */
export interface Owner {
  userKey: string
  subject: string
}

export type EndResult =
  | { status: 'ended'; clientId: string }
  /** It outlives the session, or is of another session or another user. */
  | { status: 'kept' }
  | { status: 'unknown' }

/** One authorization request that waits for a person. Its id becomes the id of the authorization it ends in. */
export interface Interaction {
  id: string
  request: AuthorizationRequest
  /** SHA-256 of the secret of the browser that began it. */
  browserHash: string
  createdAt: number
  expiresAt: number
  outcome?: 'issued' | 'denied'
  account?: SettledAccount
}

/**
 * Whose account an interaction goes on with: that of a session, or another one that is yet to sign in; `unsure` where a yes
 * came from a page that showed somebody else's.
 */
export type SettledAccount = { session: SessionId; by: 'sign-in' | 'choice' } | 'another' | 'unsure'

export type FinishResult =
  /** `outcome` is the first answer ever given, and `first` whether this was it; a later, different one changes nothing. */
  | { status: 'finished'; outcome: 'issued' | 'denied'; first: boolean; subject: string | undefined }
  /** It was issued before and its code is used or gone: there is nothing left to hand out. */
  | { status: 'spent' }
  | { status: 'unknown' }

export interface InteractionStore {
  create(interaction: Interaction): Promise<void>
  find(id: string, now: number): Promise<Interaction | undefined>
  /** Notes whose account an interaction goes on with, in place of what was noted before; one that has ended stays as it is. */
  settle(id: string, account: SettledAccount, now: number): Promise<{ status: 'settled' | 'finished' | 'unknown' }>
  /**
   * Ends an interaction with the person's first answer and, for a yes, creates the authorization of the same id in the
   * same step. Asked again it tells the first answer, so a consent posted twice gives one code. It stays for some minutes
   * after that (`answered-interaction.ts`), and for no longer than it would have waited.
   */
  finish(id: string, answer: NewAuthorization | 'denied', now: number): Promise<FinishResult>
}

/** An authorization request that its client pushed (RFC 9126) and no browser has opened yet. */
export interface PushedRequest {
  /** Becomes the id of the interaction, and of the authorization it ends in. */
  id: string
  request: AuthorizationRequest
  createdAt: number
  expiresAt: number
}

export interface Opening {
  id: string
  /** The client that the browser says it comes from. */
  clientId: string
  /** SHA-256 of the secret of the browser. */
  browserHash: string
  now: number
  /** Until when the interaction waits that a first opening begins. */
  opensUntil: number
}

export type OpenResult =
  /** It is an interaction of this browser, since now or before. */
  | { status: 'opened'; interaction: Interaction; first: boolean }
  | { status: 'wrong-client' }
  /** Another browser came first. */
  | { status: 'foreign-browser' }
  /** Never pushed, or expired: which of them, the store no longer knows. */
  | { status: 'unknown' }

export interface PushedRequestStore {
  create(pushed: PushedRequest): Promise<void>
  /**
   * Turns a pushed request into an interaction of the same id, bound to the browser that comes first. That browser finds
   * the interaction again, and every other one is refused; a refusal leaves everything as it was.
   */
  open(opening: Opening): Promise<OpenResult>
}

/** What names an access token in the store: its `jti`, and the authorization it came from where there is one. */
export interface AccessTokenName {
  authorizationId: string | undefined
  tokenId: string
}

export type Standing = { status: 'stands'; authorization: Authorization | undefined } | { status: 'fallen' }

export interface AccessTokenStore {
  /**
   * Whether the token still stands: not revoked itself, and its authorization active. Gives that authorization along, where
   * there is one. One trip.
   */
  stands(token: AccessTokenName, now: number): Promise<Standing>
  /** Revokes one access token; remembered for as long as it would have been good. */
  revoke(token: AccessTokenName, expiresAt: number, now: number): Promise<void>
}
