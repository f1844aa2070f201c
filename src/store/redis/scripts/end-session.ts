import type { Script } from '../script.ts'

/**
 * Ends a session and tells what its user asked for since its lineage began, in one step: whoever finds the session before is
 * in the list, and whoever comes after finds no session.
 *
 * KEYS[1] session  KEYS[2] authorizations of the user
 * ARGV[1] now
 * Answers { 'ended', how many fields and values follow, field, value ..., id, id ... } or { 'unknown' }
 */
export const endSession: Script = {
  name: 'latchkeyEndSession',
  keys: 2,
  lua: `
local answer = redis.call('HGETALL', KEYS[1])
local r = redis.call('HMGET', KEYS[1], 'idle_until', 'began_at')
redis.call('DEL', KEYS[1])
if not r[2] or tonumber(ARGV[1]) >= tonumber(r[1]) then return { 'unknown' } end
local size = #answer
for _, id in ipairs(redis.call('ZRANGE', KEYS[2], r[2], '+inf', 'BYSCORE')) do answer[#answer + 1] = id end
table.insert(answer, 1, tostring(size))
table.insert(answer, 1, 'ended')
return answer
`,
}
