import type { Redis } from 'ioredis'
import type { OnceStore } from '../store.ts'
import type { Keys } from './keys.ts'
import { reach } from './script.ts'

export function createOnce(redis: Redis, keys: Keys): OnceStore {
  return {
    async use(scope, id, expiresAt, now) {
      // One command both asks and marks, so that of any number of parallel uses one is the first.
      const ttl = Math.max(1, Math.ceil(expiresAt - now))
      return (await reach(() => redis.set(keys.once(scope, id), '1', 'PX', ttl, 'NX'))) === 'OK'
    },
  }
}
