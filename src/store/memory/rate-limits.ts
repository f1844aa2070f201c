import { keptUntil, type RateLimitStore } from '../rate-limits.ts'
import { createExpiringMap } from './expiring-map.ts'

/** Counts of requests in memory. */
export function createRateLimits(): RateLimitStore {
  const sums = createExpiringMap<number>()

  return {
    async add(window, requests, now) {
      const key = JSON.stringify([window.limit, window.who, window.startsAt])
      const sum = (sums.get(key, now) ?? 0) + requests
      sums.set(key, sum, keptUntil(window), now)
      return sum
    },
  }
}
