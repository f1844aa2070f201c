import type { Clock } from '../lib/clock.ts'
import { sha256 } from '../lib/digest.ts'
import type { Mac } from '../lib/mac.ts'
import type { Random } from '../lib/random.ts'
import type { Consent, ConsentSubject, Session, SessionId, SessionStore } from '../store/store.ts'

/** Signed-in browsers, by the handle that stands in their cookie. */
export interface Sessions {
  /** Begins a session for someone who has just proven who they are. */
  start(subject: string): Promise<{ handle: string; session: Session }>
  /** The live session of a handle, and what its user already allowed the client. */
  find(
    handle: string | undefined,
    consentFor: ConsentSubject,
  ): Promise<{ session: Session; consent: Consent | undefined } | undefined>
  /** Ends the session of a handle, if it has one. */
  end(handle: string | undefined): Promise<void>
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
    async start(subject) {
      const id = { userKey: userKeyOf(subject), secret: random.id() }
      const now = clock.now()
      const session = { id, subject, authenticatedAt: now, endsAt: now + lifetimes.sessionMax }
      await store.create(session, lifetimes.session)
      const text = id.userKey + id.secret
      return { handle: `${text}.${mac.sign(text)}`, session }
    },
    async find(handle, consentFor) {
      const id = read(handle)
      return id === undefined ? undefined : store.find(id, consentFor, clock.now(), lifetimes.session)
    },
    async end(handle) {
      const id = read(handle)
      if (id !== undefined) await store.end(id)
    },
  }
}

/** What groups the records of one user in one place of the store. Not a secret; a digest, since a subject may hold any characters. */
export function userKeyOf(subject: string): string {
  return sha256(subject).slice(0, 22)
}
