import type { RedisConfig } from '../config/redis.ts'
import { createRedisStore } from '../store/redis/redis-store.ts'
import type { Store } from '../store/store.ts'
import type { Io } from './io.ts'

/** The store of the server, for a command. Outages are told by the method that meets them, as StoreUnavailable. */
export function openServerStore(redis: RedisConfig, { random }: Pick<Io, 'random'>): Promise<Store> {
  return createRedisStore(redis, {
    mark: random.mark,
    report: { lost: () => undefined, back: () => undefined },
  })
}

/** Where Redis is, as messages may show it: hosts and ports, no password. */
export function redisPlace(redis: RedisConfig): string {
  if (redis.kind === 'single') return new URL(redis.url).host
  const nodes = redis.kind === 'cluster' ? redis.nodes : redis.sentinels
  const addresses = nodes.map(({ host, port }) => `${host}:${port}`).join(', ')
  return redis.kind === 'cluster' ? addresses : `${redis.name}, by the sentinels ${addresses}`
}
