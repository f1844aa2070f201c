import { isCrowded, surelyBornBefore } from '../crowded.ts'
import { createExpiringMap } from './expiring-map.ts'

/** The ids of the authorizations that each user asked for, by when they last did. */
export interface AuthorizationIndex {
  add(userKey: string, id: string, askedAt: number, now: number, ttl: number): void
  /** Those asked for from the given instant on. */
  since(userKey: string, from: number): readonly string[]
}

/** @param isAlive whether anything came of an id, or still may */
export function createAuthorizationIndex(isAlive: (id: string, now: number) => boolean): AuthorizationIndex {
  const users = createExpiringMap<Map<string, number>>()

  return {
    add(userKey, id, askedAt, now, ttl) {
      const ids = users.get(userKey, now) ?? new Map<string, number>()
      const isNew = !ids.has(id)
      ids.set(id, Math.max(askedAt, ids.get(id) ?? 0))
      users.set(userKey, ids, now + ttl, now)
      for (const [known, at] of ids) if (at < now - ttl) ids.delete(known)
      if (!isNew || !isCrowded(ids.size, id)) return
      for (const [known, at] of ids) if (at <= surelyBornBefore(now) && !isAlive(known, now)) ids.delete(known)
    },

    since(userKey, from) {
      // Asked at the beginning of time: what has not been swept away yet, as in Redis.
      const ids = users.get(userKey, 0) ?? new Map<string, number>()
      return [...ids].filter(([, at]) => at >= from).map(([id]) => id)
    },
  }
}
