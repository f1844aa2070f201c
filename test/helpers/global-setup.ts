import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { type RedisServer, startRedisServer } from './redis-server.ts'

declare global {
  var testRedisServer: RedisServer | undefined
}

/**
 * Once before all tests: a real Redis, found by the tests in TEST_REDIS_URL (one that is already named there is used), and
 * signing keys in TEST_SIGNING_KEYS, since an RSA key for every test server would take longer than the tests.
 */
export default async function globalSetup(): Promise<void> {
  // Ended by a signal, a process does nothing any more at its exit, and what it started would go on.
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const given = process.env.TEST_REDIS_URL || process.env.REDIS_URL
  if (!given) globalThis.testRedisServer = await startRedisServer()
  process.env.TEST_REDIS_URL = given || globalThis.testRedisServer?.url
  const keys = [
    jwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'test-es', 'ES256'),
    jwk(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'test-rs', 'RS256'),
  ]
  process.env.TEST_SIGNING_KEYS = JSON.stringify({ keys })
}

function jwk(key: KeyObject, kid: string, alg: string): object {
  return { ...key.export({ format: 'jwk' }), kid, alg }
}
