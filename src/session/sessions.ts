import type { Clock } from '../lib/clock.ts'
import { sha256 } from '../lib/digest.ts'
import type { Mac } from '../lib/mac.ts'
import type { Random } from '../lib/random.ts'
import type { Consent, ConsentSubject, Session, SessionId, SessionStore } from '../store/sessions.ts'

/** Signed-in browsers, by the handle that stands in their cookie. */
export interface Sessions {
  /**
   * Begins a session for someone who has just proven who they are.
   *
   * @param replaced the handle of the session that the browser held until now, which ends
   */
  start(subject: string, replaced?: string): Promise<{ handle: string; session: Session }>
  /**
   * The live session of a handle, and what its user already allowed the client.
   *
   * @param authorizationId of the authorization that may come of this request; the session remembers it
   */
  find(
    handle: string | undefined,
    consentFor: ConsentSubject,
    authorizationId: string,
  ): Promise<{ session: Session; consent: Consent | undefined } | undefined>
  /** The live session of a handle, without using it. */
  look(handle: string | undefined): Promise<Session | undefined>
  /** Ends the session of a handle, if it has one, and tells the ids of the authorizations that may have been born in it. */
  end(handle: string | undefined): Promise<readonly string[]>
}

const HANDLE = /^([A-Za-z0-9_-]{22})([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/

export function createSessions(deps: {
  store: SessionStore
  mac: Mac
  clock: Clock
  random: Random
  lifetimes: { session: number; sessionMax: number }
}): Sessions {
  const { store, mac, clock, random, lifetimes } = deps

  const read = (handle: string | undefined): SessionId | undefined => {
    const match = HANDLE.exec(handle ?? '')
    if (match === null) return undefined
    const [, userKey, secret, code] = match as unknown as [string, string, string, string]
    return mac.verify(userKey + secret, code) ? { userKey, secret } : undefined
  }

  return {
    async start(subject, replaced) {
      const id = { userKey: userKeyOf(subject), secret: random.id() }
      const before = read(replaced)
      const issued = before === undefined ? [] : await store.end(before)
      // Whoever proves again who they are goes on: their signing out ends what they got before, too. What somebody else got
      // at this browser stays as it is: they did not ask to be signed out of their apps by whoever signs in next.
      const inherited = before?.userKey === id.userKey ? issued : []
      const now = clock.now()
      const session = { id, subject, authenticatedAt: now, endsAt: now + lifetimes.sessionMax }
      await store.create(session, inherited, lifetimes.session)
      const text = id.userKey + id.secret
      return { handle: `${text}.${mac.sign(text)}`, session }
    },
    async find(handle, consentFor, authorizationId) {
      const id = read(handle)
      return id === undefined ? undefined : store.find(id, consentFor, authorizationId, clock.now(), lifetimes.session)
    },
    async look(handle) {
      const id = read(handle)
      return id === undefined ? undefined : store.look(id, clock.now())
    },
    async end(handle) {
      const id = read(handle)
      return id === undefined ? [] : store.end(id)
    },
  }
}

/** What groups the records of one user in one place of the store. Not a secret; a digest, since a subject may hold any characters. */
export function userKeyOf(subject: string): string {
  return sha256(subject).slice(0, 22)
}
