import type { Script } from '../script.ts'

/**
 * Adds what was just allowed to a consent, by resource, and takes away what was just left out, so that of two at once neither is
 * lost and nothing comes back that was forgotten. The hash lives as long as the longest consent in it.
 *
 * Safe to ask again: it adds the same once more; where all was forgotten in between, the yes counts as one after that.
 *
 * KEYS[1] consents of the user
 * ARGV[1] field  ARGV[2] now  ARGV[3] when the consent ends  ARGV[4] scopes allowed  ARGV[5] scopes left out; then the resources.
 * Scopes have a space between them
 * Answers { 'remembered' }
 */
export const remember: Script = {
  name: 'latchkeyRemember',
  keys: 1,
  lua: `
local now, expires_at = tonumber(ARGV[2]), tonumber(ARGV[3])
local before = {}
for index = 6, #ARGV do before[ARGV[index]] = '' end
local lines = { ARGV[3] }
local ends, rest = string.match(redis.call('HGET', KEYS[1], ARGV[1]) or '', '^(%d+)\\n(.*)$')
if ends and now < tonumber(ends) then
  for line in string.gmatch(rest, '[^\\n]+') do
    local resource, scope = string.match(line, '^([^ ]+)(.*)$')
    if before[resource] then before[resource] = scope else lines[#lines + 1] = line end
  end
end
for index = 6, #ARGV do
  local words, done = { ARGV[index] }, {}
  for name in string.gmatch(ARGV[5], '[^ ]+') do done[name] = true end
  for name in string.gmatch(before[ARGV[index]] .. ' ' .. ARGV[4], '[^ ]+') do
    if not done[name] then words[#words + 1] = name end
    done[name] = true
  end
  lines[#lines + 1] = table.concat(words, ' ')
end
redis.call('HSET', KEYS[1], ARGV[1], table.concat(lines, '\\n'))
local ttl = math.max(1, expires_at - now)
if redis.call('PTTL', KEYS[1]) < ttl then redis.call('PEXPIRE', KEYS[1], ttl) end
return { 'remembered' }
`,
}
