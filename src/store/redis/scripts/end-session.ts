import type { Script } from '../script.ts'

/**
 * Ends a session and tells what may have been issued in it, in one step: whoever finds the session before is in the list,
 * and whoever comes after finds no session.
 *
 * KEYS[1] session  KEYS[2] what was issued in the session
 * Answers { id, id ... }
 */
export const endSession: Script = {
  name: 'latchkeyEndSession',
  keys: 2,
  lua: `
local issued = redis.call('ZRANGE', KEYS[2], 0, -1)
redis.call('DEL', KEYS[1], KEYS[2])
return issued
`,
}
