import { keptUntil, type RateLimitStore } from '../rate-limits.ts'
import type { Keys } from './keys.ts'
import type { Link } from './link.ts'
import { register, type Script } from './script.ts'

/**
 * Adds to a count of requests.
 *
 * Safe to ask again: counted twice, a caller only comes to the limit a little sooner.
 *
 * KEYS[1] requests of one caller in one window
 * ARGV[1] how many  ARGV[2] how long the count is kept
 * Answers { sum }
 */
const countRequests: Script = {
  name: 'latchkeyCountRequests',
  keys: 1,
  lua: `
local sum = redis.call('INCRBY', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return { tostring(sum) }
`,
}

export function createRateLimits(link: Link, keys: Keys): RateLimitStore {
  const run = register(link, countRequests)

  return {
    async add(window, requests, now) {
      const [sum] = await run([keys.requests(window)], [requests, Math.max(1, Math.ceil(keptUntil(window) - now))])
      return Number(sum)
    },
  }
}
