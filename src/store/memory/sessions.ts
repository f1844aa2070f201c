import {
  type Consent,
  type ConsentSubject,
  MOST_ISSUED,
  type Session,
  type SessionId,
  type SessionStore,
} from '../sessions.ts'
import { createExpiringMap, type ExpiringMap } from './expiring-map.ts'

/** Sessions in memory, and what may have been issued in each, the newest last. */
export function createSessions(consents: ExpiringMap<Consent>): SessionStore {
  const sessions = createExpiringMap<Session>()
  const issued = createExpiringMap<readonly string[]>()

  return {
    async create(session, inherited, idleTtl) {
      const { authenticatedAt, endsAt } = session
      const key = sessionKey(session.id)
      sessions.set(key, session, Math.min(authenticatedAt + idleTtl, endsAt), authenticatedAt)
      if (inherited.length > 0) issued.set(key, inherited, endsAt, authenticatedAt)
    },

    async find(id, consentFor, authorizationId, now, idleTtl) {
      const key = sessionKey(id)
      const session = sessions.get(key, now)
      if (session === undefined) return undefined
      sessions.set(key, session, Math.min(now + idleTtl, session.endsAt), now)
      const before = (issued.get(key, now) ?? []).filter((known) => known !== authorizationId)
      issued.set(key, [...before, authorizationId].slice(-MOST_ISSUED), session.endsAt, now)
      return { session, consent: consents.get(consentKey(id.userKey, consentFor), now) }
    },

    look: async (id, now) => sessions.get(sessionKey(id), now),

    async end(id) {
      const key = sessionKey(id)
      // Asked at the beginning of time: what has not been swept away yet, as in Redis.
      const ids = issued.get(key, 0) ?? []
      sessions.delete(key)
      issued.delete(key)
      return ids
    },
  }
}

/** What names a remembered consent. */
export function consentKey(userKey: string, { clientId, redirectUri }: ConsentSubject): string {
  return `${userKey} ${clientId} ${redirectUri}`
}

function sessionKey(id: SessionId): string {
  return `${id.userKey} ${id.secret}`
}
