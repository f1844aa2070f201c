import { isCrowded } from '../crowded.ts'
import type { SessionStore } from '../sessions.ts'
import type { AuthorizationIndex } from './authorization-index.ts'
import { consentField, type Keys } from './keys.ts'
import type { Link } from './link.ts'
import { readConsent, readFields, readSession, writeSession } from './records.ts'
import { register } from './script.ts'
import { endSession } from './scripts/end-session.ts'
import { findSession } from './scripts/find-session.ts'
import { write } from './scripts/write.ts'

/** For how many milliseconds what is left of an ended session stays: longer than any command is asked again. */
const REMAINS = 10_000

export function createSessions(link: Link, keys: Keys, index: AuthorizationIndex): SessionStore {
  const run = {
    write: register(link, write, { handsOut: ['written'] }),
    find: register(link, findSession),
    end: register(link, endSession),
  }

  return {
    async create(session, idleTtl) {
      const { id, authenticatedAt, endsAt } = session
      const ttl = Math.min(idleTtl, endsAt - authenticatedAt)
      await run.write([keys.session(id)], [ttl, ...writeSession(session, idleTtl, authenticatedAt + ttl)])
    },

    async find(id, consentFor, authorizationId, now, indexTtl) {
      const { userKey } = id
      const answer = await run.find(
        [keys.session(id), keys.consents(userKey), keys.authorizationsOf(userKey)],
        [now, consentField(consentFor), authorizationId, indexTtl],
      )
      if (answer[0] !== 'live') return undefined
      if (isCrowded(Number(answer[2]), authorizationId)) index.tidyInBackground(userKey, now)
      return { session: readSession(id, readFields(answer, 3)), consent: readConsent(answer[1] as string, now) }
    },

    async look(id, now) {
      const fields = new Map(Object.entries(await link.ask(() => link.connection.hgetall(keys.session(id)))))
      return fields.has('lineage') && now < Number(fields.get('idle_until')) ? readSession(id, fields) : undefined
    },

    async end(id, now) {
      const answer = await run.end([keys.session(id), keys.authorizationsOf(id.userKey)], [now, link.mark(), REMAINS])
      if (answer[0] !== 'ended') return undefined
      const asked = 2 + Number(answer[1])
      return { session: readSession(id, readFields(answer.slice(0, asked), 2)), asked: answer.slice(asked) }
    },
  }
}
