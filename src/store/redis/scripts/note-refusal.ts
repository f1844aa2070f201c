import type { Script } from '../script.ts'

/**
 * Keeps a refusal at the end of the stream and lets the oldest go: those over the number and those over the age. Trimmed
 * about, by whole nodes of the stream, since that costs next to nothing. Entries are named by the caller's clock, or by the
 * newest entry where that is ahead: the names of a stream only grow, and the clocks of many processes differ.
 *
 * Safe to ask again: the refusal then stands there twice, and whoever looks for it finds the newer one.
 *
 * KEYS[1] refusals
 * ARGV[1] error id  ARGV[2] the rest as JSON  ARGV[3] most entries  ARGV[4] now  ARGV[5] how long to keep it, in ms
 * Answers { 'noted' }
 */
export const noteRefusal: Script = {
  name: 'latchkeyNoteRefusal',
  keys: 1,
  lua: `
local now, sequence = tonumber(ARGV[4]), 0
local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if newest then
  local at, count = string.match(newest[1], '^(%d+)-(%d+)$')
  if tonumber(at) >= now then now, sequence = tonumber(at), tonumber(count) + 1 end
end
local oldest = math.max(0, tonumber(ARGV[4]) - tonumber(ARGV[5]))
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], string.format('%.0f-%.0f', now, sequence), ARGV[1], ARGV[2])
redis.call('XTRIM', KEYS[1], 'MINID', '~', string.format('%.0f', oldest))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return { 'noted' }
`,
}
