import type { RedisConfig } from '../../config/redis.ts'
import type { Store } from '../store.ts'
import { createAccessTokens } from './access-tokens.ts'
import { createAttempts } from './attempts.ts'
import { createAuthorizationIndex } from './authorization-index.ts'
import { createAuthorizations } from './authorizations.ts'
import { connect } from './connect.ts'
import { createConsents } from './consents.ts'
import { createHealthCheck } from './health.ts'
import { createInteractions } from './interactions.ts'
import { createKeys } from './keys.ts'
import { createLink, whenReady } from './link.ts'
import { createOnce } from './once.ts'
import { createOutage, type OutageReport } from './outage.ts'
import { createPushedRequests } from './pushed-requests.ts'
import { createRateLimits } from './rate-limits.ts'
import { createRefusals } from './refusals.ts'
import { createSessions } from './sessions.ts'

/** How long a start waits for Redis, in milliseconds; after that requests are answered with 503 until it is there. */
const START_PATIENCE = 3000

/**
 * The store on Redis: every move one Lua script over keys of one slot, one round trip. Resolves once Redis answers, or
 * after a while without it: a server that starts before its Redis serves as soon as that is there.
 *
 * @param options.mark makes what tells one command from every other: 64 random bits
 * @param options.report is told when Redis is lost, and when it is back
 */
export async function createRedisStore(
  config: RedisConfig,
  options: { mark: () => string; report: OutageReport },
): Promise<Store> {
  const outage = createOutage(options.report)
  const { connection, close } = connect(config, outage)
  await whenReady(connection, START_PATIENCE)
  const { commandTimeout, waitReplicas } = config
  const link = createLink(connection, { outage, mark: options.mark, commandTimeout, waitReplicas })
  const keys = createKeys(config.keyPrefix)
  const index = createAuthorizationIndex(link, keys)

  return {
    authorizations: createAuthorizations(link, keys, index),
    interactions: createInteractions(link, keys),
    pushedRequests: createPushedRequests(link, keys),
    sessions: createSessions(link, keys, index),
    consents: createConsents(link, keys),
    accessTokens: createAccessTokens(link, keys),
    once: createOnce(link, keys),
    attempts: createAttempts(link, keys),
    rateLimits: createRateLimits(link, keys),
    refusals: createRefusals(link, keys),
    check: createHealthCheck(link, keys, waitReplicas),
    async close() {
      outage.end()
      close()
    },
  }
}
