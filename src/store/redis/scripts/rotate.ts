import type { Script } from '../script.ts'

/**
 * Rotates a refresh token (RFC 9700 §4.14.2). Everything that could refuse the request is checked before the generation
 * moves, so a refused request costs the client nothing.
 *
 * A generation above the stored one can only be a token this server made and the store has since forgotten (a failover
 * that lost the last write): it is as good as the newest, so the record catches up with it.
 *
 * KEYS[1] authorization
 * ARGV[1] client_id  ARGV[2] generation presented  ARGV[3] now  ARGV[4] idle ttl  ARGV[5] longest life  ARGV[6] grace
 * ARGV[7] resource or ''  ARGV[8...] scopes asked for
 * Answers { status, ... }: 'rotated' or 'converged' and the whole record; 'wrong-scope' and the granted scope; 'reused';
 * 'wrong-client'; 'wrong-resource'; 'unknown'
 */
export const rotate: Script = {
  name: 'latchkeyRotate',
  keys: 1,
  lua: `
local now = tonumber(ARGV[3])
local r = redis.call('HMGET', KEYS[1], 'client_id', 'generation', 'expires_at', 'scope', 'used_at', 'created_at', 'resources')
if not r[1] or r[2] == '0' or now >= tonumber(r[3]) then return { 'unknown' } end
if r[1] ~= ARGV[1] then return { 'wrong-client' } end
local granted = ' ' .. r[4] .. ' '
for i = 8, #ARGV do
  if not string.find(granted, ' ' .. ARGV[i] .. ' ', 1, true) then return { 'wrong-scope', r[4] } end
end
if ARGV[7] ~= '' and not string.find(' ' .. r[7] .. ' ', ' ' .. ARGV[7] .. ' ', 1, true) then return { 'wrong-resource' } end
local presented = tonumber(ARGV[2])
local newest = tonumber(r[2])
local status = 'rotated'
if presented < newest then
  local grace = tonumber(ARGV[6])
  if presented ~= newest - 1 or grace == 0 or now - tonumber(r[5]) >= grace then
    redis.call('DEL', KEYS[1])
    return { 'reused' }
  end
  status = 'converged'
else
  local expires = math.min(now + tonumber(ARGV[4]), tonumber(r[6]) + tonumber(ARGV[5]))
  redis.call('HSET', KEYS[1], 'generation', string.format('%.0f', presented + 1), 'used_at', ARGV[3], 'expires_at', string.format('%.0f', expires))
  redis.call('PEXPIRE', KEYS[1], math.max(1, expires - now))
end
local record = redis.call('HGETALL', KEYS[1])
table.insert(record, 1, status)
return record
`,
}
