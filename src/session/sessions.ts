import type { Clock } from '../lib/clock.ts'
import { sha256 } from '../lib/digest.ts'
import type { Mac } from '../lib/mac.ts'
import type { Random } from '../lib/random.ts'
import type { Consent, ConsentSubject, EndedSession, Session, SessionId, SessionStore } from '../store/sessions.ts'

/** Signed-in browsers, by the handle that stands in their cookie. */
export interface Sessions {
  /**
   * Begins a session for someone who has just proven who they are.
   *
   * @param options.replaced the handle of the session that the browser held until now, which ends
   * @param options.kept whether they asked to be kept signed in
   * @param options.begun the session that the same form began before, where it was sent twice: if that was a moment ago, and by
   * the same user, it is theirs now, too, and no other begins
   */
  start(subject: string, options?: StartOptions): Promise<{ handle: string; session: Session }>
  /**
   * The live session of a handle, and what its user already allowed the client.
   *
   * @param authorizationId of the authorization that may come of this request; the user's index remembers it
   */
  find(
    handle: string | undefined,
    consentFor: ConsentSubject,
    authorizationId: string,
  ): Promise<{ session: Session; consent: Consent | undefined } | undefined>
  /** The live session of a handle, without using it. */
  look(handle: string | undefined): Promise<Session | undefined>
  /** Ends the session of a handle, if it has a live one, and tells what may have been issued in its lineage. */
  end(handle: string | undefined): Promise<EndedSession | undefined>
}

export interface StartOptions {
  replaced?: string | undefined
  kept?: boolean
  begun?: SessionId | undefined
}

/** How long after a sign-in, in milliseconds, the same form is taken for a second click and not for another sign-in. */
const SECOND_CLICK = 60_000

/** Durations in milliseconds. */
interface SessionLifetimes {
  session: number
  sessionMax: number
  /** Of the sessions of people who asked to be kept signed in; 0 where that is not offered. */
  sessionKept: number
  /** The longest that any authorization lives, from the request for it on. */
  authorization: number
}

const HANDLE = /^([A-Za-z0-9_-]{22})([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/

export function createSessions(deps: {
  store: SessionStore
  mac: Mac
  clock: Clock
  random: Random
  lifetimes: SessionLifetimes
}): Sessions {
  const { store, mac, clock, random, lifetimes } = deps

  const read = (handle: string | undefined): SessionId | undefined => {
    const match = HANDLE.exec(handle ?? '')
    if (match === null) return undefined
    const [, userKey, secret, code] = match as unknown as [string, string, string, string]
    return mac.verify(userKey + secret, code) ? { userKey, secret } : undefined
  }

  const withHandle = (session: Session) => {
    const text = session.id.userKey + session.id.secret
    return { handle: `${text}.${mac.sign(text)}`, session }
  }

  return {
    async start(subject, { replaced, kept = false, begun } = {}) {
      const id = { userKey: userKeyOf(subject), secret: random.id() }
      const now = clock.now()
      const old = read(replaced)
      const ended = old && (await store.end(old, now))
      // Over by now where the browser came with this very one: then it has seen that answer, and signs in anew.
      const clicked = begun?.userKey === id.userKey && (await store.look(begun, now))
      if (clicked && now - clicked.authenticatedAt < SECOND_CLICK) return withHandle(clicked)
      // Whoever proves again who they are goes on: their signing out ends what they got before, too. What somebody else got
      // at this browser stays as it is: they did not ask to be signed out of their apps by whoever signs in next.
      const before = ended?.session.subject === subject ? ended.session : { lineage: random.id(), beganAt: now }
      const { lineage, beganAt } = before
      const keep = kept && lifetimes.sessionKept > 0
      const [idle, longest] = keep
        ? [lifetimes.sessionKept, lifetimes.sessionKept]
        : [lifetimes.session, lifetimes.sessionMax]
      const session = { id, subject, authenticatedAt: now, lineage, beganAt, kept: keep, endsAt: now + longest }
      await store.create(session, idle)
      return withHandle(session)
    },
    async find(handle, consentFor, authorizationId) {
      const id = read(handle)
      if (id === undefined) return undefined
      return store.find(id, consentFor, authorizationId, clock.now(), lifetimes.authorization)
    },
    async look(handle) {
      const id = read(handle)
      return id === undefined ? undefined : store.look(id, clock.now())
    },
    async end(handle) {
      const id = read(handle)
      return id === undefined ? undefined : store.end(id, clock.now())
    },
  }
}

/** What groups the records of one user in one place of the store. Not a secret; a digest, since a subject may hold any characters. */
export function userKeyOf(subject: string): string {
  return sha256(subject).slice(0, 22)
}
