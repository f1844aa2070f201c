import { watchRedis } from '../../test/helpers/redis-watch.ts'
import { openWire } from '../driver.ts'
import type { OperationName } from '../operations/operation.ts'
import { operations } from '../operations/registry.ts'
import type { ServerName } from '../servers/server.ts'
import type { RunningSite } from './site.ts'

/** Commands that reached Redis for one operation. Latchkey sends each by itself, so for it they are round trips. */
export type RoundTrips = Partial<Record<OperationName, Partial<Record<ServerName, number>>>>

/** Counts them, as Redis sees them come in. What scripts call inside is not one. */
export async function countRoundTrips({ redis, servers }: RunningSite): Promise<RoundTrips> {
  const watch = await watchRedis(redis.url)
  const trips: RoundTrips = {}
  for (const operation of operations) {
    for (const name of operation.servers) {
      const wire = openWire([servers[name].url], 1)
      const exchange = wire.exchange(0)
      const run = await operation.prepare(servers[name], { count: 1, lanes: 1, exchange })
      const commands = await watch.during(() => run(0, exchange))
      trips[operation.name] = { ...trips[operation.name], [name]: commands.length }
      await wire.close()
    }
  }
  await watch.close()
  return trips
}
