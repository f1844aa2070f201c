import type { Script } from '../script.ts'
import { WRITE_RECORD } from './write.ts'

/**
 * Ends an interaction with the person's first answer and, for a yes, creates the authorization of the same id.
 *
 * KEYS[1] interaction  KEYS[2] authorization
 * ARGV[1] now  ARGV[2] 'issued' or 'denied'; for 'issued' ARGV[3] ttl in ms of the code, then its fields and values
 * Answers { 'finished', outcome, 'first' or 'again', the user of an earlier yes }; { 'spent' }; { 'unknown' }
 */
export const finish: Script = {
  name: 'latchkeyFinish',
  keys: 2,
  lua: `${WRITE_RECORD}
local r = redis.call('HMGET', KEYS[1], 'expires_at', 'outcome')
if not r[1] or tonumber(ARGV[1]) >= tonumber(r[1]) then return { 'unknown' } end
if r[2] == 'issued' then
  local code = redis.call('HMGET', KEYS[2], 'generation', 'expires_at', 'sub')
  if code[1] ~= '0' or tonumber(ARGV[1]) >= tonumber(code[2]) then return { 'spent' } end
  return { 'finished', 'issued', 'again', code[3] }
end
if r[2] then return { 'finished', r[2], 'again' } end
redis.call('HSET', KEYS[1], 'outcome', ARGV[2])
if ARGV[2] == 'issued' then write_record(KEYS[2], ARGV, 3) end
return { 'finished', ARGV[2], 'first' }
`,
}
