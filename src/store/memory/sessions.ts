import type { Session, SessionId, SessionStore } from '../sessions.ts'
import type { AuthorizationIndex } from './authorization-index.ts'
import type { MemoryConsents } from './consents.ts'
import { createExpiringMap } from './expiring-map.ts'

/** Sessions in memory. */
export function createSessions(consents: Pick<MemoryConsents, 'find'>, index: AuthorizationIndex): SessionStore {
  const sessions = createExpiringMap<{ session: Session; idleTtl: number }>()

  return {
    async create(session, idleTtl) {
      const { authenticatedAt, endsAt } = session
      const idleUntil = Math.min(authenticatedAt + idleTtl, endsAt)
      sessions.set(sessionKey(session.id), { session, idleTtl }, idleUntil, authenticatedAt)
    },

    async find(id, consentFor, authorizationId, now, indexTtl) {
      const key = sessionKey(id)
      const record = sessions.get(key, now)
      if (record === undefined) return undefined
      const { session, idleTtl } = record
      sessions.set(key, record, Math.min(now + idleTtl, session.endsAt), now)
      index.add(id.userKey, authorizationId, Math.max(now, session.beganAt), now, indexTtl)
      return { session, consent: consents.find(id.userKey, consentFor, now) }
    },

    look: async (id, now) => sessions.get(sessionKey(id), now)?.session,

    async end(id, now) {
      const key = sessionKey(id)
      const session = sessions.get(key, now)?.session
      sessions.delete(key)
      return session && { session, asked: index.since(id.userKey, session.beganAt) }
    },
  }
}

function sessionKey(id: SessionId): string {
  return `${id.userKey} ${id.secret}`
}
