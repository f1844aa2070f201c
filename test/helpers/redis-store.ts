import type { RedisConfig } from '../../src/config/redis.ts'
import { systemRandom } from '../../src/lib/random.ts'
import { createRedisStore } from '../../src/store/redis/redis-store.ts'
import type { Store } from '../../src/store/store.ts'
import { freshPrefix, UNHURRIED } from './server.ts'

/** Tests of a Redis that hangs name a time of their own. */
const common = { tlsCa: undefined, commandTimeout: UNHURRIED, waitReplicas: 0 }
const login = { username: undefined, password: undefined, tls: false }

/** A store on one Redis that is there for the whole test: an outage fails it. */
export function openRedisStore(where: { url: string; keyPrefix: string }): Promise<Store> {
  return createRedisStore(
    { kind: 'single', ...common, ...where },
    {
      mark: systemRandom.mark,
      report: {
        lost: (reason) => {
          throw new Error(reason)
        },
        back: () => undefined,
      },
    },
  )
}

/** A store on a Redis of any form, and what it reports of outages. */
export interface WatchedStore {
  store: Store
  keyPrefix: string
  lost: string[]
  back(): number
}

type Where =
  | { url: string }
  | { sentinels: readonly { host: string; port: number }[]; name: string }
  | { nodes: readonly { host: string; port: number }[] }

export async function watchedStore(where: Where, more: Partial<RedisConfig> = {}): Promise<WatchedStore> {
  const keyPrefix = freshPrefix()
  const lost: string[] = []
  let back = 0
  const report = { lost: (reason: string) => void lost.push(reason), back: () => void back++ }
  const config = { ...common, keyPrefix, ...formOf(where), ...more } as RedisConfig
  const store = await createRedisStore(config, { mark: systemRandom.mark, report })
  return { store, keyPrefix, lost, back: () => back }
}

function formOf(where: Where): object {
  if ('url' in where) return { kind: 'single', ...where }
  if ('sentinels' in where) return { kind: 'sentinel', ...login, sentinelPassword: undefined, ...where }
  return { kind: 'cluster', ...login, ...where }
}
