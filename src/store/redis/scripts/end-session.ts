import type { Script } from '../script.ts'

/**
 * Ends a session and tells what its user asked for since its lineage began, in one step: whoever finds the session before is
 * in the list, and whoever comes after finds no session.
 *
 * Safe to ask again: the record stays behind for some seconds, idle for ever, with the mark of the command that ended it;
 * that command is told the same once more, and every other one that the session is over.
 *
 * KEYS[1] session  KEYS[2] authorizations of the user
 * ARGV[1] now  ARGV[2] mark of the command  ARGV[3] for how many ms the record stays behind
 * Answers { 'ended', how many fields and values follow, field, value ..., id, id ... } or { 'unknown' }
 */
export const endSession: Script = {
  name: 'latchkeyEndSession',
  keys: 2,
  lua: `
local r = redis.call('HMGET', KEYS[1], 'idle_until', 'began_at', 'ended_by')
if not r[2] then return { 'unknown' } end
if r[3] ~= ARGV[2] then
  if r[3] then return { 'unknown' } end
  if tonumber(ARGV[1]) >= tonumber(r[1]) then
    redis.call('DEL', KEYS[1])
    return { 'unknown' }
  end
  redis.call('HSET', KEYS[1], 'idle_until', '0', 'ended_by', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
local answer = redis.call('HGETALL', KEYS[1])
local size = #answer
for _, id in ipairs(redis.call('ZRANGE', KEYS[2], r[2], '+inf', 'BYSCORE')) do answer[#answer + 1] = id end
table.insert(answer, 1, tostring(size))
table.insert(answer, 1, 'ended')
return answer
`,
}
