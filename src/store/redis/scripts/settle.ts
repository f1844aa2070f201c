import type { Script } from '../script.ts'

/**
 * Notes whose account an interaction goes on with. One that has ended stays as it is.
 *
 * Safe to ask again: it notes the same account; where the interaction has ended in between, that is told.
 *
 * KEYS[1] interaction
 * ARGV[1] now  ARGV[2] the account
 * Answers { 'settled' }; { 'finished' }; { 'unknown' }
 */
export const settle: Script = {
  name: 'latchkeySettle',
  keys: 1,
  lua: `
local r = redis.call('HMGET', KEYS[1], 'expires_at', 'outcome')
if not r[1] or tonumber(ARGV[1]) >= tonumber(r[1]) then return { 'unknown' } end
if r[2] then return { 'finished' } end
redis.call('HSET', KEYS[1], 'account', ARGV[2])
return { 'settled' }
`,
}
