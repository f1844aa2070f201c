import type { Script } from '../script.ts'

/**
 * Writes as every move does, to learn whether writes are taken at all. Safe to ask again.
 *
 * KEYS[1] the probe
 * ARGV[1] ttl in ms
 * Answers { 'written' }
 */
export const probe: Script = {
  name: 'latchkeyProbe',
  keys: 1,
  lua: `
redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
return { 'written' }
`,
}
