import type { Redis } from 'ioredis'
import { type ConsentStore, MOST_ISSUED, type SessionStore } from '../sessions.ts'
import { consentField, type Keys } from './keys.ts'
import { readConsent, readFields, readSession, writeConsent, writeSession } from './records.ts'
import { reach, register } from './script.ts'
import { beginSession } from './scripts/begin-session.ts'
import { endSession } from './scripts/end-session.ts'
import { findSession } from './scripts/find-session.ts'
import { remember } from './scripts/remember.ts'

export function createSessions(redis: Redis, keys: Keys): SessionStore {
  const run = {
    begin: register(redis, beginSession),
    find: register(redis, findSession),
    end: register(redis, endSession),
  }

  return {
    async create(session, issued, idleTtl) {
      const { id, authenticatedAt, endsAt } = session
      const ttl = Math.min(idleTtl, endsAt - authenticatedAt)
      const record = [ttl, ...writeSession(session, authenticatedAt + ttl)]
      const remembered = [authenticatedAt, endsAt - authenticatedAt, issued.length, ...issued]
      await run.begin([keys.session(id), keys.issued(id)], [...remembered, ...record])
    },

    async find(id, consentFor, authorizationId, now, idleTtl) {
      const answer = await run.find(
        [keys.session(id), keys.consents(id.userKey), keys.issued(id)],
        [now, idleTtl, consentField(consentFor), authorizationId, MOST_ISSUED],
      )
      if (answer[0] !== 'live') return undefined
      return { session: readSession(id, readFields(answer, 2)), consent: readConsent(answer[1] as string, now) }
    },

    async look(id, now) {
      const fields = new Map(Object.entries(await reach(() => redis.hgetall(keys.session(id)))))
      return fields.has('sub') && now < Number(fields.get('idle_until')) ? readSession(id, fields) : undefined
    },

    end: (id) => run.end([keys.session(id), keys.issued(id)], []),
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
