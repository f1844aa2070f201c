import type { Redis } from 'ioredis'
import { surelyBornBefore } from '../crowded.ts'
import type { Keys } from './keys.ts'
import { reach } from './script.ts'

/** The ids of the authorizations that a user asked for. Those of the records lie in slots of their own. */
export interface AuthorizationIndex {
  /** All ids, the newest first. */
  ids(userKey: string): Promise<readonly string[]>
  /** Drops the ids that came to nothing, off the path of any request. One of a user at a time. */
  tidyInBackground(userKey: string, now: number): void
}

const BATCH = 64

export function createAuthorizationIndex(redis: Redis, keys: Keys): AuthorizationIndex {
  const underway = new Set<string>()

  /** One step: an interaction turns into its authorization in one, too, so that never both seem to be missing. */
  const isDead = async (id: string) => (await redis.exists(keys.authorization(id), keys.interaction(id))) === 0

  const tidy = async (userKey: string, now: number) => {
    const key = keys.authorizationsOf(userKey)
    for (let from = 0; ; ) {
      const ids = await redis.zrange(key, '-inf', String(surelyBornBefore(now)), 'BYSCORE', 'LIMIT', from, BATCH)
      const judged = await Promise.all(ids.map(async (id) => ({ id, dead: await isDead(id) })))
      const dead = judged.filter((one) => one.dead).map(({ id }) => id)
      if (dead.length > 0) await redis.zrem(key, ...dead)
      if (ids.length < BATCH) return
      from += ids.length - dead.length
    }
  }

  return {
    ids: (userKey) => reach(() => redis.zrange(keys.authorizationsOf(userKey), 0, '-1', 'REV')),

    tidyInBackground(userKey, now) {
      if (underway.has(userKey)) return
      underway.add(userKey)
      // Nobody waits for it and nothing depends on it: where it fails, a later one does it.
      const forgetIt = () => void underway.delete(userKey)
      tidy(userKey, now).then(forgetIt, forgetIt)
    },
  }
}
