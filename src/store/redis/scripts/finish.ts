import type { Script } from '../script.ts'
import { WRITE_RECORD } from './write.ts'

/**
 * Ends an interaction with the person's first answer and, for a yes, creates the authorization of the same id. From then on
 * the interaction stays only for whoever comes back to it: never longer than it would have waited, nor less than its code lives.
 *
 * Safe to ask again: the command that gave the first answer is told 'first' once more.
 *
 * KEYS[1] interaction  KEYS[2] authorization
 * ARGV[1] now  ARGV[2] mark of the command  ARGV[3] for how many ms it stays once it is answered  ARGV[4] 'issued' or 'denied';
 * for 'issued' ARGV[5] ttl in ms of the code, then its fields and values
 * Answers { 'finished', outcome, 'first' or 'again', the user of an earlier yes }; { 'spent' }; { 'unknown' }
 */
export const finish: Script = {
  name: 'latchkeyFinish',
  keys: 2,
  lua: `${WRITE_RECORD}
local r = redis.call('HMGET', KEYS[1], 'expires_at', 'outcome', 'ended_by')
if not r[1] or tonumber(ARGV[1]) >= tonumber(r[1]) then return { 'unknown' } end
local order = 'again'
if r[3] == ARGV[2] then
  order = 'first'
  -- Nothing changes, yet it is a write on this connection, which replicas can then be asked about.
  redis.call('HSET', KEYS[1], 'ended_by', ARGV[2])
end
if r[2] == 'issued' then
  local code = redis.call('HMGET', KEYS[2], 'generation', 'expires_at', 'sub')
  if code[1] ~= '0' or tonumber(ARGV[1]) >= tonumber(code[2]) then return { 'spent' } end
  return { 'finished', 'issued', order, code[3] }
end
if r[2] then return { 'finished', r[2], order } end
local now = tonumber(ARGV[1])
local expires_at = math.min(tonumber(r[1]), now + math.max(tonumber(ARGV[3]), tonumber(ARGV[5] or '0')))
redis.call('HSET', KEYS[1], 'outcome', ARGV[4], 'ended_by', ARGV[2], 'expires_at', string.format('%.0f', expires_at))
redis.call('PEXPIRE', KEYS[1], expires_at - now)
if ARGV[4] == 'issued' then write_record(KEYS[2], ARGV, 5) end
return { 'finished', ARGV[4], 'first' }
`,
}
