import { redisForms } from '../../config/redis.ts'
import { CliError } from '../exit.ts'
import type { Io } from '../io.ts'
import { readServerConfig } from '../server-config.ts'
import { openServerStore, redisPlace } from '../server-store.ts'
import { type Finding, ok, problem, warning } from './finding.ts'

/**
 * Examines the Redis of the server: whether it takes a write, and whether its settings put records at risk. Nothing where
 * this environment names none. Of Redis it changes nothing but that a key is written which is gone after seconds.
 */
export async function examineRedis(io: Io): Promise<readonly Finding[]> {
  const named = redisForms.some((name) => Boolean(io.env[name]) || Boolean(io.env[`${name}_FILE`]))
  if (!named) return []
  const redis = await readRedisConfig(io)
  if (redis === undefined) {
    return [
      warning(
        'redis',
        'Redis was not examined, since the rest of this environment is not that of the server',
        'latchkey check tells what is missing.',
      ),
    ]
  }
  const store = await openServerStore(redis, io)
  try {
    const { problems, warnings } = await store.check(io.clock.now())
    const place = `Redis at ${redisPlace(redis)}`
    return [
      ...(problems.length === 0 ? [ok('redis', `${place} answers and takes writes`)] : []),
      ...problems.map((sentence) => problem('redis', sentence, 'See docs/redis.md: the server needs it.')),
      ...warnings.map((sentence) => warning('redis', sentence, 'See docs/redis.md for what each setting is for.')),
    ]
  } finally {
    await store.close()
  }
}

async function readRedisConfig(io: Io) {
  try {
    return (await readServerConfig(io)).redis
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    return undefined
  }
}
