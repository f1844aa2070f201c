import type { Redis } from 'ioredis'

/** The keys of one kind, such as `authorization`. */
export interface Kind {
  keys: number
  /** All of them together, as MEMORY USAGE has it. */
  bytes: number
  /** The fields of hashes and the members of sorted sets. */
  entries: number
}

/** Every key of the prefix, by the word that follows it. */
export async function measureKinds(redis: Redis, prefix: string): Promise<Map<string, Kind>> {
  const kinds = new Map<string, Kind>()
  for await (const batch of redis.scanStream({ match: `${prefix}*`, count: 1000 })) {
    for (const key of batch as string[]) {
      const name = key.slice(prefix.length).split(':')[0] as string
      const kind = kinds.get(name) ?? { keys: 0, bytes: 0, entries: 0 }
      const type = await redis.type(key)
      kind.keys += 1
      kind.bytes += (await redis.memory('USAGE', key, 'SAMPLES', 0)) ?? 0
      kind.entries += type === 'zset' ? await redis.zcard(key) : type === 'hash' ? await redis.hlen(key) : 1
      kinds.set(name, kind)
    }
  }
  return kinds
}

/** A number of INFO. */
export async function info(redis: Redis, section: string, field: string): Promise<number> {
  const text = await redis.info(section)
  return Number(new RegExp(`^${field}:([\\d.]+)`, 'm').exec(text)?.[1])
}
