import { Redis } from 'ioredis'
import { createKeys, type Keys } from '../../src/store/redis/keys.ts'
import type { Store } from '../../src/store/store.ts'
import { openRedisStore } from './redis-store.ts'
import { freshPrefix } from './server.ts'

/** A store on Redis, and a connection beside it that looks at what the store keeps there. */
export interface InspectedStore {
  readonly store: Store
  readonly redis: Redis
  readonly keys: Keys
  readonly keyPrefix: string
}

/** Opens one before the tests of the suite or file that calls this, and closes it after them. */
export function inspectedStore(keyPrefix = freshPrefix()): InspectedStore {
  let opened: { store: Store; redis: Redis } | undefined
  const own = () => {
    if (opened === undefined) throw new Error('the store is there for tests only')
    return opened
  }
  beforeAll(async () => {
    const url = process.env.TEST_REDIS_URL as string
    opened = { store: await openRedisStore({ url, keyPrefix }), redis: new Redis(url) }
  })
  afterAll(async () => {
    await opened?.store.close()
    opened?.redis.disconnect()
  })
  return {
    keys: createKeys(keyPrefix),
    keyPrefix,
    get store() {
      return own().store
    },
    get redis() {
      return own().redis
    },
  }
}
