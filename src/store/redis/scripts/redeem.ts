import type { Script } from '../script.ts'
import { MOVED } from './moved.ts'

/**
 * Redeems a code (RFC 6749 §4.1.3, RFC 7636 §4.6). Order: owner, redirect URI, resource, single use, key, verifier. What
 * stands before the verifier leaves an unused code as it was, so a stranger who found one can neither use it nor spend it.
 *
 * A code that is bound to a key (RFC 9449 §10) is looked at for that before it is spent, and only while it is a code: a
 * second use ends what the first one got, whoever comes.
 *
 * Safe to ask again: the record keeps the mark of the command that moved it last, and that command is told 'redeemed' once
 * more. A refusal that deleted the record is 'unknown' the second time, which is a refusal as well.
 *
 * KEYS[1] authorization
 * ARGV[1] client_id  ARGV[2] SHA-256 of the redirect_uri or ''  ARGV[3] challenge of the verifier
 * ARGV[4] now  ARGV[5] active until  ARGV[6] replay leniency  ARGV[7] resource or ''
 * ARGV[8] thumbprint of the proven key or ''  ARGV[9] 'bind' where refresh tokens are to need that key
 * ARGV[10] mark of the command
 * Answers { status, ... }: 'redeemed' and the whole record; 'replayed' and 'revoked' or 'kept'; 'wrong-verifier' and the
 * stored challenge; 'wrong-client'; 'wrong-redirect-uri'; 'wrong-resource'; 'wrong-dpop-key'; 'unknown'
 */
export const redeem: Script = {
  name: 'latchkeyRedeem',
  keys: 1,
  lua: `${MOVED}
local now = tonumber(ARGV[4])
local r = redis.call('HMGET', KEYS[1], 'client_id', 'redirect', 'pkce', 'generation', 'expires_at', 'moved', 'resources', 'dpop_jkt')
if not r[1] or now >= tonumber(r[5]) then return { 'unknown' } end
if r[1] ~= ARGV[1] then return { 'wrong-client' } end
if ARGV[2] ~= '' and r[2] ~= ARGV[2] then return { 'wrong-redirect-uri' } end
if ARGV[7] ~= '' and not string.find(' ' .. r[7] .. ' ', ' ' .. ARGV[7] .. ' ', 1, true) then return { 'wrong-resource' } end
local function redeemed()
  local record = redis.call('HGETALL', KEYS[1])
  table.insert(record, 1, 'redeemed')
  return record
end
if r[4] ~= '0' then
  local moved_at, moved_by = read_moved(r[6])
  if r[4] == '1' and moved_by == ARGV[10] then
    -- Nothing changes, yet it is a write on this connection, which replicas can then be asked about.
    redis.call('HSET', KEYS[1], 'moved', r[6])
    return redeemed()
  end
  local leniency = tonumber(ARGV[6])
  -- A refreshed authorization moved since: nobody redeems twice by mistake after that.
  if r[4] == '1' and leniency > 0 and r[3] == ARGV[3] and now - moved_at < leniency then return { 'replayed', 'kept' } end
  redis.call('DEL', KEYS[1])
  return { 'replayed', 'revoked' }
end
if r[8] and r[8] ~= ARGV[8] then return { 'wrong-dpop-key' } end
if r[3] ~= ARGV[3] then
  redis.call('DEL', KEYS[1])
  return { 'wrong-verifier', r[3] }
end
redis.call('HSET', KEYS[1], 'generation', '1', 'moved', write_moved(ARGV[4], ARGV[10]), 'expires_at', ARGV[5])
if ARGV[8] ~= '' and ARGV[9] == 'bind' then redis.call('HSET', KEYS[1], 'dpop_jkt', ARGV[8]) elseif r[8] then redis.call('HDEL', KEYS[1], 'dpop_jkt') end
redis.call('PEXPIRE', KEYS[1], tonumber(ARGV[5]) - now)
return redeemed()
`,
}
