import type { Script } from '../script.ts'

/**
 * Ends an authorization that goes with its session: openid without offline_access (OpenID Connect Core §11).
 *
 * Safe to ask again: what had ended is 'unknown' then, and has ended.
 *
 * KEYS[1] authorization
 * ARGV[1] sub of the user whose session ends  ARGV[2] lineage of the session  ARGV[3] now
 * Answers { 'ended', client_id }; { 'kept' }; { 'unknown' }
 */
export const endWithSession: Script = {
  name: 'latchkeyEndWithSession',
  keys: 1,
  lua: `
local r = redis.call('HMGET', KEYS[1], 'client_id', 'sub', 'scope', 'expires_at', 'session_id')
if not r[1] or tonumber(ARGV[3]) >= tonumber(r[4]) then return { 'unknown' } end
local function has(name) return string.find(' ' .. r[3] .. ' ', ' ' .. name .. ' ', 1, true) end
if r[2] ~= ARGV[1] or r[5] ~= ARGV[2] or not has('openid') or has('offline_access') then return { 'kept' } end
redis.call('DEL', KEYS[1])
return { 'ended', r[1] }
`,
}
