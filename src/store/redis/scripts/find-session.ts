import type { Script } from '../script.ts'

/**
 * Finds a live session, begins its idle time anew, reads one consent of its user, and adds the authorization that may come of
 * the request to the user's index.
 *
 * Safe to ask again: it begins the same idle time and adds the same id, which is not new then; a later one counts in its place.
 *
 * KEYS[1] session  KEYS[2] consents of the user  KEYS[3] authorizations of the user
 * ARGV[1] now  ARGV[2] field of the consent  ARGV[3] id of the authorization  ARGV[4] ttl of the index
 * Answers { 'live', consent or '', how many the index has where the id is new in it or '0', field, value ... } or
 * { 'unknown' }
 */
export const findSession: Script = {
  name: 'latchkeyFindSession',
  keys: 3,
  lua: `
local now = tonumber(ARGV[1])
local r = redis.call('HMGET', KEYS[1], 'idle_until', 'ends_at', 'idle_ttl', 'began_at')
if not r[3] or now >= tonumber(r[1]) then return { 'unknown' } end
local idle_until = math.min(now + tonumber(r[3]), tonumber(r[2]))
redis.call('HSET', KEYS[1], 'idle_until', string.format('%.0f', idle_until))
redis.call('PEXPIRE', KEYS[1], idle_until - now)
-- A process whose clock is behind must not put it before the beginning of the very lineage that it is asked for in.
local asked_at = math.max(now, tonumber(r[4]))
local added = redis.call('ZADD', KEYS[3], 'GT', string.format('%.0f', asked_at), ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', string.format('(%.0f', now - tonumber(ARGV[4])))
redis.call('PEXPIRE', KEYS[3], ARGV[4])
local record = redis.call('HGETALL', KEYS[1])
table.insert(record, 1, added == 1 and tostring(redis.call('ZCARD', KEYS[3])) or '0')
table.insert(record, 1, redis.call('HGET', KEYS[2], ARGV[2]) or '')
table.insert(record, 1, 'live')
return record
`,
}
