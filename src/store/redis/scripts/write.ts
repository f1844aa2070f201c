import type { Script } from '../script.ts'

/** Lua: writes a record with its lifetime. ARGV from the given position on: ttl in ms, then field, value, field, value. */
export const WRITE_RECORD = `
local function write_record(key, args, from)
  redis.call('HSET', key, unpack(args, from + 1))
  redis.call('PEXPIRE', key, args[from])
end
`

/**
 * Writes a whole record with its lifetime in one step, so that no key is ever without one.
 *
 * Safe to ask again: nobody knows of the record before this was answered, so the same record is written twice.
 *
 * KEYS[1] the record
 * ARGV[1] ttl in ms; then fields and values
 * Answers { 'written' }
 */
export const write: Script = {
  name: 'latchkeyWrite',
  keys: 1,
  lua: `${WRITE_RECORD}
write_record(KEYS[1], ARGV, 1)
return { 'written' }
`,
}
