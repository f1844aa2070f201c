import type { Store } from '../store.ts'
import { createAccessTokens } from './access-tokens.ts'
import { createAttempts } from './attempts.ts'
import { createAuthorizationIndex } from './authorization-index.ts'
import { createAuthorizations } from './authorizations.ts'
import { connect, whenReady } from './connect.ts'
import { createConsents } from './consents.ts'
import { createInteractions } from './interactions.ts'
import { createKeys } from './keys.ts'
import { createOnce } from './once.ts'
import { createPushedRequests } from './pushed-requests.ts'
import { reach } from './script.ts'
import { createSessions } from './sessions.ts'

/** How long a start waits for Redis, in milliseconds; after that requests are answered with 503 until it is there. */
const START_PATIENCE = 3000

/**
 * The store on Redis: every move one Lua script over keys of one slot, one round trip. Resolves once Redis answers, or
 * after a while without it: a server that starts before its Redis serves as soon as that is there.
 *
 * @param options.url redis:// or rediss://
 * @param options.keyPrefix stands before every key
 * @param options.onError is told of every failed connection
 */
export async function createRedisStore(options: {
  url: string
  keyPrefix: string
  onError: (error: Error) => void
}): Promise<Store> {
  const redis = connect(options.url, options.onError)
  await whenReady(redis, START_PATIENCE).catch(options.onError)
  const keys = createKeys(options.keyPrefix)
  const index = createAuthorizationIndex(redis, keys)

  return {
    authorizations: createAuthorizations(redis, keys, index),
    interactions: createInteractions(redis, keys),
    pushedRequests: createPushedRequests(redis, keys),
    sessions: createSessions(redis, keys, index),
    consents: createConsents(redis, keys),
    accessTokens: createAccessTokens(redis, keys),
    once: createOnce(redis, keys),
    attempts: createAttempts(redis, keys),
    async ping() {
      await reach(() => redis.ping())
    },
    async close() {
      redis.disconnect()
    },
  }
}
