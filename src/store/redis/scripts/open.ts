import type { Script } from '../script.ts'

/**
 * Opens a pushed request (RFC 9126 §4): the record turns into the interaction of the browser that comes first, so that
 * there is never both of them and no second one to be made. After that it is only shown to that browser again.
 *
 * Safe to ask again: the browser that opened it is shown the same interaction, as 'again' in place of 'first'.
 *
 * KEYS[1] pushed request  KEYS[2] interaction
 * ARGV[1] now  ARGV[2] client_id  ARGV[3] hash of the browser's secret  ARGV[4] when the interaction expires
 * Answers { 'opened', 'first' or 'again', field, value ... }; { 'wrong-client' }; { 'foreign-browser' }; { 'unknown' }
 */
export const open: Script = {
  name: 'latchkeyOpen',
  keys: 2,
  lua: `
local now = tonumber(ARGV[1])
local function answer(order)
  local record = redis.call('HGETALL', KEYS[2])
  table.insert(record, 1, order)
  table.insert(record, 1, 'opened')
  return record
end

local opened = redis.call('HMGET', KEYS[2], 'client_id', 'browser', 'expires_at')
-- An interaction that began as one has no client_id: it cannot be opened.
if opened[1] then
  if now >= tonumber(opened[3]) then return { 'unknown' } end
  if opened[1] ~= ARGV[2] then return { 'wrong-client' } end
  if opened[2] ~= ARGV[3] then return { 'foreign-browser' } end
  return answer('again')
end

local pushed = redis.call('HMGET', KEYS[1], 'client_id', 'expires_at')
if not pushed[1] or now >= tonumber(pushed[2]) then return { 'unknown' } end
if pushed[1] ~= ARGV[2] then return { 'wrong-client' } end
redis.call('RENAME', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[2], 'browser', ARGV[3], 'created_at', ARGV[1], 'expires_at', ARGV[4])
redis.call('PEXPIRE', KEYS[2], tonumber(ARGV[4]) - now)
return answer('first')
`,
}
