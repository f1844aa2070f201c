import { randomBytes } from 'node:crypto'
import type { AuthorizationRequest } from '../../../src/oauth/authorization-request.ts'
import type { Session } from '../../../src/store/sessions.ts'
import type {
  Authorization,
  Interaction,
  NewAuthorization,
  Redemption,
  Rotation,
  Store,
} from '../../../src/store/store.ts'
import { pkcePair } from '../../helpers/pkce.ts'

/**
 * The instant that these tests begin at. Far from the real one, since instants are the caller's: a store that asks any
 * clock of its own is found out.
 */
export const NOW = Date.UTC(2031, 4, 1)
export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** How long the index of a user remembers an authorization, where a test says nothing else. */
export const INDEX_TTL = 400 * DAY

/** What a consent is for, where a test says nothing else. */
export const APP = { clientId: 'app', redirectUri: 'https://app.example/callback' }

/** Gives the store that the running test works on. */
export type OpenStore = () => Store

export function newId(): string {
  return randomBytes(16).toString('base64url')
}

/** An authorization as the authorize endpoint makes it: a code that lives a minute. */
export function newCode(overrides: Partial<NewAuthorization> = {}): NewAuthorization {
  return {
    id: newId(),
    clientId: 'app',
    subject: 'user-alice',
    scope: ['read', 'write'],
    resources: ['https://mail.example', 'https://files.example'],
    redirectUri: 'https://app.example/callback',
    codeChallenge: pkcePair().challenge,
    authenticatedAt: NOW - HOUR,
    sessionId: newId(),
    createdAt: NOW,
    codeExpiresAt: NOW + MINUTE,
    ...overrides,
  }
}

/** What the record of a code looks like from outside, in the given generation. */
export function asAuthorization(code: NewAuthorization, generation: number): Authorization {
  const { redirectUri, codeChallenge, codeExpiresAt, ...kept } = code
  return { ...kept, generation, usedAt: expect.any(Number), expiresAt: expect.any(Number) }
}

/** The redemption that the rightful client asks for a second after the code was made. */
export function redemptionOf(code: NewAuthorization, overrides: Partial<Redemption> = {}): Redemption {
  const now = overrides.now ?? NOW + SECOND
  return {
    id: code.id,
    clientId: code.clientId,
    redirectUri: code.redirectUri,
    resource: undefined,
    codeChallenge: code.codeChallenge,
    now,
    activeUntil: now + 30 * DAY,
    replayLeniency: 0,
    dpopJkt: undefined,
    bindsRefreshTokens: true,
    ...overrides,
  }
}

/** The rotation that the rightful client asks for with the refresh token of a generation. */
export function rotationOf(code: NewAuthorization, generation: number, overrides: Partial<Rotation> = {}): Rotation {
  return {
    id: code.id,
    clientId: code.clientId,
    generation,
    scope: [],
    resource: undefined,
    now: NOW + MINUTE,
    idleTtl: 30 * DAY,
    maxTtl: 365 * DAY,
    grace: 30 * SECOND,
    dpopJkt: undefined,
    bindsRefreshTokens: true,
    ...overrides,
  }
}

/** Stores a code. */
export async function storedCode(store: Store, overrides: Partial<NewAuthorization> = {}): Promise<NewAuthorization> {
  const code = newCode(overrides)
  await store.authorizations.create(code)
  return code
}

/** Stores a code and redeems it: an active authorization of generation 1. */
export async function activeAuthorization(
  store: Store,
  overrides: Partial<NewAuthorization> = {},
): Promise<NewAuthorization> {
  const code = await storedCode(store, overrides)
  expect(await store.authorizations.redeem(redemptionOf(code))).toMatchObject({ status: 'redeemed' })
  return code
}

export function newInteraction(overrides: Partial<Interaction> = {}): Interaction {
  const request: AuthorizationRequest = {
    clientId: 'app',
    redirectUri: 'https://app.example/callback',
    state: 'state with "quotes", spaces and é',
    scope: ['read', 'write'],
    resources: ['https://mail.example'],
    responseMode: 'query',
    prompt: [],
    codeChallenge: pkcePair().challenge,
  }
  return {
    id: newId(),
    request,
    browserHash: pkcePair().challenge,
    createdAt: NOW,
    expiresAt: NOW + 30 * MINUTE,
    ...overrides,
  }
}

export function newSession(overrides: Partial<Session> = {}): Session {
  return {
    id: { userKey: newId(), secret: newId() },
    subject: 'user-alice',
    authenticatedAt: NOW,
    lineage: newId(),
    beganAt: NOW,
    kept: false,
    endsAt: NOW + 7 * DAY,
    ...overrides,
  }
}

/** Calls it that many times at once and gives all answers. */
export function inParallel<T>(times: number, call: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: times }, (_, index) => call(index)))
}
