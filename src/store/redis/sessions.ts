import type { Redis } from 'ioredis'
import type { ConsentStore, SessionStore } from '../store.ts'
import { consentField, type Keys } from './keys.ts'
import { readConsent, readFields, readSession, writeConsent, writeSession } from './records.ts'
import { reach, register } from './script.ts'
import { findSession } from './scripts/find-session.ts'
import { remember } from './scripts/remember.ts'
import { write } from './scripts/write.ts'

export function createSessions(redis: Redis, keys: Keys): SessionStore {
  const run = { write: register(redis, write), find: register(redis, findSession) }

  return {
    async create(session, idleTtl) {
      const ttl = Math.min(idleTtl, session.endsAt - session.authenticatedAt)
      await run.write([keys.session(session.id)], [ttl, ...writeSession(session, session.authenticatedAt + ttl)])
    },

    async find(id, consentFor, now, idleTtl) {
      const answer = await run.find(
        [keys.session(id), keys.consents(id.userKey)],
        [now, idleTtl, consentField(consentFor)],
      )
      if (answer[0] !== 'live') return undefined
      return { session: readSession(id, readFields(answer, 2)), consent: readConsent(answer[1] as string, now) }
    },

    async end(id) {
      await reach(() => redis.del(keys.session(id)))
    },
  }
}

export function createConsents(redis: Redis, keys: Keys): ConsentStore {
  const run = register(redis, remember)

  return {
    async remember(userKey, consentFor, consent, now) {
      await run(
        [keys.consents(userKey)],
        [consentField(consentFor), writeConsent(consent), Math.max(1, consent.expiresAt - now)],
      )
    },
  }
}
