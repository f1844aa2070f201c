import { forNoRequest } from '../../lib/request-local.ts'
import { surelyBornBefore } from '../crowded.ts'
import type { Keys } from './keys.ts'
import type { Link } from './link.ts'

/** The ids of the authorizations that a user asked for. Those of the records lie in slots of their own. */
export interface AuthorizationIndex {
  /** All ids, the newest first. */
  ids(userKey: string): Promise<readonly string[]>
  /** Drops the ids that came to nothing, off the path of any request. One of a user at a time. */
  tidyInBackground(userKey: string, now: number): void
}

const BATCH = 64

export function createAuthorizationIndex(link: Link, keys: Keys): AuthorizationIndex {
  const { connection, ask } = link
  const underway = new Set<string>()

  /** One step: an interaction turns into its authorization in one, too, so that never both seem to be missing. */
  const isDead = async (id: string) =>
    (await ask(() => connection.exists(keys.authorization(id), keys.interaction(id)))) === 0

  const tidy = async (userKey: string, now: number) => {
    const key = keys.authorizationsOf(userKey)
    for (let from = 0; ; ) {
      const before = String(surelyBornBefore(now))
      const ids = await ask(() => connection.zrange(key, '-inf', before, 'BYSCORE', 'LIMIT', from, BATCH))
      const judged = await Promise.all(ids.map(async (id) => ({ id, dead: await isDead(id) })))
      const dead = judged.filter((one) => one.dead).map(({ id }) => id)
      if (dead.length > 0) await ask(() => connection.zrem(key, ...dead))
      if (ids.length < BATCH) return
      from += ids.length - dead.length
    }
  }

  return {
    ids: (userKey) => ask(() => connection.zrange(keys.authorizationsOf(userKey), 0, '-1', 'REV')),

    tidyInBackground(userKey, now) {
      if (underway.has(userKey)) return
      underway.add(userKey)
      // Nobody waits for it and nothing depends on it: where it fails, a later one does it. Nor does it use up any of the
      // time that the request has for the store.
      const forgetIt = () => void underway.delete(userKey)
      forNoRequest(() => tidy(userKey, now)).then(forgetIt, forgetIt)
    },
  }
}
