import type { RedisConfig } from '../../config/redis.ts'
import { inBatches } from '../../lib/in-batches.ts'
import { type Authorization, StoreUnavailable } from '../store.ts'
import { readActive } from './authorizations.ts'
import { connect, isReady, mastersOf } from './connect.ts'
import { createKeys } from './keys.ts'
import { createLink, whenReady } from './link.ts'
import { createOutage } from './outage.ts'

/** What only an operator's command asks of Redis: it walks over all keys, which no request may. */
export interface OperatorStore {
  /**
   * The authorizations of a client, the newest first, and the users whose codes it has not redeemed yet. A walk of all
   * keys in small steps, so that the server's own commands pass between them; of a cluster, of all keys of every master.
   * Throws StoreUnavailable where Redis, or a part of it, does not answer.
   */
  ofClient(clientId: string, now: number): Promise<{ active: readonly Authorization[]; subjects: readonly string[] }>
  close(): void
}

/** How many keys one step looks at, and how many records are read at once. */
const STEP = 500
const BATCH = 64
const PATIENCE = 3000

/**
 * A connection of its own. Resolves once Redis answers, or after a while without it.
 *
 * @param options.mark as that of the store
 */
export async function openOperatorStore(config: RedisConfig, options: { mark: () => string }): Promise<OperatorStore> {
  // Failures are told by the method that meets them.
  const outage = createOutage({ lost: () => undefined, back: () => undefined })
  const { connection, close } = connect(config, outage)
  await whenReady(connection, PATIENCE)
  const { commandTimeout, waitReplicas } = config
  const link = createLink(connection, { outage, ...options, commandTimeout, waitReplicas })
  const keys = createKeys(config.keyPrefix)

  return {
    async ofClient(clientId, now) {
      // A master that is away is in no list of them, and what it holds would be missing without a word.
      if (!isReady(connection)) throw new StoreUnavailable(outage.reason() ?? 'there is no connection yet')
      const active = new Map<string, Authorization>()
      const subjects = new Set<string>()
      const look = async (key: string) => {
        const fields = new Map(Object.entries(await link.ask(() => connection.hgetall(key))))
        if (fields.get('client_id') !== clientId) return
        subjects.add(fields.get('sub') as string)
        const authorization = readActive(keys.readAuthorization(key), fields, now)
        if (authorization !== undefined) active.set(authorization.id, authorization)
      }
      for (const node of mastersOf(connection)) {
        let cursor = '0'
        do {
          const [next, found] = await link.ask(() =>
            node.scan(cursor, 'MATCH', keys.everyAuthorization(), 'COUNT', STEP),
          )
          cursor = next
          await inBatches(found, BATCH, look)
        } while (cursor !== '0')
      }
      return {
        active: [...active.values()].sort((one, other) => other.createdAt - one.createdAt),
        subjects: [...subjects],
      }
    },
    close() {
      outage.end()
      close()
    },
  }
}
