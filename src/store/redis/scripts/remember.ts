import type { Script } from '../script.ts'

/**
 * Remembers a consent. The hash lives as long as the longest consent in it. Safe to ask
 * again: it writes the same value.
 *
 * KEYS[1] consents of the user
 * ARGV[1] field  ARGV[2] value  ARGV[3] ttl in ms
 * Answers { 'remembered' }
 */
export const remember: Script = {
  name: 'latchkeyRemember',
  keys: 1,
  lua: `
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return { 'remembered' }
`,
}
