import { Redis } from 'ioredis'
import { startRedisServer } from '../../test/helpers/redis-server.ts'
import { refresh } from '../operations/refresh.ts'
import type { Plan } from '../plan.ts'
import { startLatchkey } from '../servers/latchkey.ts'
import { pairedRatio } from '../statistics.ts'
import type { RunningSite } from './site.ts'
import { measureSound } from './window.ts'

/** What the keys of others cost. */
export interface ForeignKeys {
  keys: number
  /** Throughput beside them, as a share of that on an empty Redis. */
  rate: number
}

const BATCH = 10_000

const FILL = `for i = ARGV[1], ARGV[1] + ARGV[2] - 1 do redis.call('SET', 'foreign:' .. i, 'a value of somebody else') end`

/** Two Redis servers, one full and one empty, and a latchkey before each: measured in turn, so that time spoils neither. */
export async function measureForeignKeys(site: RunningSite, plan: Plan): Promise<ForeignKeys> {
  const [full, empty] = await Promise.all([startRedisServer(), startRedisServer()])
  const redis = new Redis(full.url)
  for (let from = 0; from < plan.foreignKeys; from += BATCH) await redis.eval(FILL, 0, from, BATCH)
  redis.disconnect()
  const besideMany = await startLatchkey({ ...site, redisUrl: full.url })
  const alone = await startLatchkey({ ...site, redisUrl: empty.url })
  const rates: Record<'many' | 'none', number[]> = { many: [], none: [] }
  const load = { count: plan.operations, lanes: plan.lanes }
  for (const server of [besideMany, alone]) await measureSound(refresh, [server], { ...load, count: plan.warmUp })
  for (let round = 0; round < plan.extraRounds; round++) {
    const looks = [
      async () => rates.many.push((await measureSound(refresh, [besideMany], load)).rate),
      async () => rates.none.push((await measureSound(refresh, [alone], load)).rate),
    ]
    for (const look of round % 2 === 0 ? looks : looks.reverse()) await look()
  }
  await Promise.all([besideMany.process.stop(), alone.process.stop()])
  await Promise.all([full.stop(), empty.stop()])
  return { keys: plan.foreignKeys, rate: pairedRatio(rates.many, rates.none) }
}
