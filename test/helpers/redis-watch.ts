import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'

/** A look at a Redis from outside: what it is told and what it keeps. */
export interface RedisWatch {
  redis: Redis
  /**
   * The commands that reach Redis over its connections while the work is done; what scripts call inside is not one, and notes
   * of refusals are not among them: they are written behind the answers, some time.
   */
  during(work: () => Promise<unknown>): Promise<string[]>
  /** Every key, with what is stored under it as one text. */
  dump(): Promise<Map<string, string>>
  close(): Promise<void>
}

export async function watchRedis(url: string): Promise<RedisWatch> {
  const redis = new Redis(url)
  const monitor = await redis.monitor()
  const seen: string[][] = []
  const waiting = new Map<string, () => void>()
  monitor.on('monitor', (_time: string, args: string[], source: string) => {
    const reached = args[0]?.toLowerCase() === 'echo' ? waiting.get(args[1] ?? '') : undefined
    if (reached !== undefined) reached()
    else if (source !== 'lua' && !isNote(args)) seen.push(args)
  })

  /** Resolves once everything that was sent before it has been seen, too. */
  const fence = async () => {
    const mark = randomBytes(8).toString('hex')
    const reached = new Promise<void>((resolve) => waiting.set(mark, resolve))
    await redis.echo(mark)
    await reached
    waiting.delete(mark)
  }

  return {
    redis,
    async during(work) {
      await fence()
      seen.length = 0
      await work()
      await fence()
      return seen.map(([name = '']) => name.toLowerCase())
    },
    async dump() {
      const stored = new Map<string, string>()
      for (const key of await keysOf(redis)) stored.set(key, await contentOf(redis, key))
      return stored
    },
    async close() {
      monitor.disconnect()
      await redis.quit()
    },
  }
}

/** Whether a command is the script that notes a refusal, by its one key. */
function isNote([, , , key]: readonly string[]): boolean {
  return key?.endsWith(':refusals') === true
}

/** Every key of the Redis. */
async function keysOf(redis: Redis): Promise<string[]> {
  const keys = new Set<string>()
  for await (const batch of redis.scanStream({ count: 1000 })) for (const key of batch as string[]) keys.add(key)
  return [...keys]
}

async function contentOf(redis: Redis, key: string): Promise<string> {
  switch (await redis.type(key)) {
    case 'hash':
      return JSON.stringify(await redis.hgetall(key))
    case 'string':
      return String(await redis.get(key))
    case 'set':
      return JSON.stringify(await redis.smembers(key))
    case 'zset':
      return JSON.stringify(await redis.zrangebyscore(key, '-inf', '+inf'))
    case 'list':
      return JSON.stringify(await redis.lrange(key, 0, -1))
    case 'stream':
      return JSON.stringify(await redis.xrange(key, '-', '+'))
    default:
      throw new Error(`${key} is of a type that this look at Redis does not know`)
  }
}
