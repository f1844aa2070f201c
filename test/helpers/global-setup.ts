import { type RedisServer, startRedisServer } from './redis-server.ts'

declare global {
  var testRedisServer: RedisServer | undefined
}

/** Once before all tests: a real Redis, found by the tests in TEST_REDIS_URL. One that is already named there is used. */
export default async function globalSetup(): Promise<void> {
  const given = process.env.TEST_REDIS_URL || process.env.REDIS_URL
  if (!given) globalThis.testRedisServer = await startRedisServer()
  process.env.TEST_REDIS_URL = given || globalThis.testRedisServer?.url
}
