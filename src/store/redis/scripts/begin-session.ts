import type { Script } from '../script.ts'
import { WRITE_RECORD } from './write.ts'

/**
 * Begins a session, with the authorizations it remembers from its beginning.
 *
 * KEYS[1] session  KEYS[2] what was issued in the session
 * ARGV[1] now  ARGV[2] ttl in ms of what was issued  ARGV[3] how many ids follow; then the ids; then ttl in ms of the
 * session, its fields and values
 * Answers { 'begun' }
 */
export const beginSession: Script = {
  name: 'latchkeyBeginSession',
  keys: 2,
  lua: `${WRITE_RECORD}
local count = tonumber(ARGV[3])
for index = 4, 3 + count do redis.call('ZADD', KEYS[2], ARGV[1], ARGV[index]) end
if count > 0 then redis.call('PEXPIRE', KEYS[2], ARGV[2]) end
write_record(KEYS[1], ARGV, 4 + count)
return { 'begun' }
`,
}
