import './global-setup.ts'

/** Once after all tests: stops the Redis that the setup started. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.testRedisServer?.stop()
}
