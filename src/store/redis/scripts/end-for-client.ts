import type { Script } from '../script.ts'

/**
 * Ends an authorization, code or active, where it is this user's for this client.
 *
 * Safe to ask again: what had ended is 'kept' then, and has ended; only who counts them misses one.
 *
 * KEYS[1] authorization
 * ARGV[1] sub of the user  ARGV[2] client_id  ARGV[3] now
 * Answers { 'ended' } or { 'kept' }, the latter too where it is over
 */
export const endForClient: Script = {
  name: 'latchkeyEndForClient',
  keys: 1,
  lua: `
local r = redis.call('HMGET', KEYS[1], 'client_id', 'sub', 'expires_at')
if not r[1] or tonumber(ARGV[3]) >= tonumber(r[3]) then return { 'kept' } end
if r[2] ~= ARGV[1] or r[1] ~= ARGV[2] then return { 'kept' } end
redis.call('DEL', KEYS[1])
return { 'ended' }
`,
}
