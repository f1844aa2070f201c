import type { Script } from '../script.ts'

/**
 * Whether an access token still stands. Safe to ask again: it only reads.
 *
 * KEYS[1] the mark of its own revocation  KEYS[2] the authorization it came from
 * ARGV[1] now  ARGV[2] 'authorized', or 'alone' for a token that came from no authorization
 * Answers { 'stands' } and the whole record of the authorization, if any; { 'fallen' }
 */
export const stands: Script = {
  name: 'latchkeyStands',
  keys: 2,
  lua: `
if redis.call('EXISTS', KEYS[1]) == 1 then return { 'fallen' } end
if ARGV[2] == 'alone' then return { 'stands' } end
local r = redis.call('HMGET', KEYS[2], 'generation', 'expires_at')
if not r[1] or r[1] == '0' or tonumber(ARGV[1]) >= tonumber(r[2]) then return { 'fallen' } end
local record = redis.call('HGETALL', KEYS[2])
table.insert(record, 1, 'stands')
return record
`,
}
