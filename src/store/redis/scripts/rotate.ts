import type { Script } from '../script.ts'
import { MOVED } from './moved.ts'

/**
 * Rotates a refresh token (RFC 9700 §4.14.2). Everything that could refuse the request is checked before the generation
 * moves, so a refused request costs the client nothing.
 *
 * A generation above the stored one can only be a token this server made and the store has since forgotten (a failover
 * that lost the last write): it is as good as the newest, so the record catches up with it.
 *
 * Bound refresh tokens (RFC 9449 §5) need the same key each time, and whoever lacks it changes nothing. Tokens that were
 * not bound become so with the first proof; if after that one from before comes by another key, two hold the same token,
 * which is reuse.
 *
 * Safe to ask again: the record keeps the mark of the command that moved it last, and that command is told 'rotated' once
 * more, whatever the grace. 'reused' is 'unknown' the second time, which is a refusal as well.
 *
 * KEYS[1] authorization
 * ARGV[1] client_id  ARGV[2] generation presented  ARGV[3] now  ARGV[4] idle ttl  ARGV[5] longest life  ARGV[6] grace
 * ARGV[7] resource or ''  ARGV[8] thumbprint of the proven key or ''  ARGV[9] 'bind' where tokens are to need that key
 * ARGV[10] mark of the command  ARGV[11...] scopes asked for
 * Answers { status, ... }: 'rotated' or 'converged' and the whole record; 'wrong-scope' and the granted scope; 'reused';
 * 'wrong-client'; 'wrong-resource'; 'wrong-dpop-key'; 'unknown'
 */
export const rotate: Script = {
  name: 'latchkeyRotate',
  keys: 1,
  lua: `${MOVED}
local now = tonumber(ARGV[3])
local r = redis.call('HMGET', KEYS[1], 'client_id', 'generation', 'expires_at', 'scope', 'moved', 'created_at', 'resources', 'dpop_jkt', 'dpop_from')
if not r[1] or r[2] == '0' or now >= tonumber(r[3]) then return { 'unknown' } end
if r[1] ~= ARGV[1] then return { 'wrong-client' } end
local granted = ' ' .. r[4] .. ' '
for i = 11, #ARGV do
  if not string.find(granted, ' ' .. ARGV[i] .. ' ', 1, true) then return { 'wrong-scope', r[4] } end
end
if ARGV[7] ~= '' and not string.find(' ' .. r[7] .. ' ', ' ' .. ARGV[7] .. ' ', 1, true) then return { 'wrong-resource' } end
local presented = tonumber(ARGV[2])
local newest = tonumber(r[2])
if r[8] and r[8] ~= ARGV[8] then
  if presented >= tonumber(r[9] or '0') then return { 'wrong-dpop-key' } end
  redis.call('DEL', KEYS[1])
  return { 'reused' }
end
local status = 'rotated'
local moved_at, moved_by = read_moved(r[5])
if newest == presented + 1 and moved_by == ARGV[10] then
  -- Nothing changes, yet it is a write on this connection, which replicas can then be asked about.
  redis.call('HSET', KEYS[1], 'moved', r[5])
elseif presented < newest then
  local grace = tonumber(ARGV[6])
  if presented ~= newest - 1 or grace == 0 or now - moved_at >= grace then
    redis.call('DEL', KEYS[1])
    return { 'reused' }
  end
  status = 'converged'
else
  local expires = math.min(now + tonumber(ARGV[4]), tonumber(r[6]) + tonumber(ARGV[5]))
  redis.call('HSET', KEYS[1], 'generation', string.format('%.0f', presented + 1), 'moved', write_moved(ARGV[3], ARGV[10]), 'expires_at', string.format('%.0f', expires))
  if not r[8] and ARGV[8] ~= '' and ARGV[9] == 'bind' then
    redis.call('HSET', KEYS[1], 'dpop_jkt', ARGV[8], 'dpop_from', string.format('%.0f', presented + 1))
  end
  redis.call('PEXPIRE', KEYS[1], math.max(1, expires - now))
end
local record = redis.call('HGETALL', KEYS[1])
table.insert(record, 1, status)
return record
`,
}
