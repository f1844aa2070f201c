import type { Script } from '../script.ts'

/**
 * Finds a live session, begins its idle time anew, reads one consent of its user, and remembers the authorization that may
 * come of the request.
 *
 * KEYS[1] session  KEYS[2] consents of the user  KEYS[3] what was issued in the session
 * ARGV[1] now  ARGV[2] idle ttl  ARGV[3] field of the consent  ARGV[4] id of the authorization  ARGV[5] most of them
 * Answers { 'live', consent or '', field, value ... } or { 'unknown' }
 */
export const findSession: Script = {
  name: 'latchkeyFindSession',
  keys: 3,
  lua: `
local now = tonumber(ARGV[1])
local r = redis.call('HMGET', KEYS[1], 'idle_until', 'ends_at')
if not r[1] or now >= tonumber(r[1]) then return { 'unknown' } end
local idle_until = math.min(now + tonumber(ARGV[2]), tonumber(r[2]))
redis.call('HSET', KEYS[1], 'idle_until', string.format('%.0f', idle_until))
redis.call('PEXPIRE', KEYS[1], idle_until - now)
redis.call('ZADD', KEYS[3], ARGV[1], ARGV[4])
redis.call('ZREMRANGEBYRANK', KEYS[3], 0, -1 - tonumber(ARGV[5]))
redis.call('PEXPIRE', KEYS[3], tonumber(r[2]) - now)
local record = redis.call('HGETALL', KEYS[1])
table.insert(record, 1, redis.call('HGET', KEYS[2], ARGV[3]) or '')
table.insert(record, 1, 'live')
return record
`,
}
