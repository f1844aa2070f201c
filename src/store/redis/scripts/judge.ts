import type { Script } from '../script.ts'

/** What judge and look read alike: the count of a key, and until when whoever asks has to wait. */
export const readWaits = `
local function text(number) return string.format('%.0f', number) end

local function read(key, now)
  local r = redis.call('HMGET', key, 'failures', 'until', 'forget_at')
  if not r[1] or now >= tonumber(r[3]) then return 0, 0 end
  return tonumber(r[1]), tonumber(r[2])
end

local function wait_of(failures, name_until, network_until, registered)
  if failures == 0 and registered == 'registered' then return name_until end
  return math.max(name_until, network_until)
end
`

/**
 * Judges an attempt that was already compared: looks for a wait, then counts the failure and begins the next wait, or
 * forgets the failures of the name.
 *
 * During a wait a right attempt takes the same way as a wrong one, so that the time it takes tells nothing either.
 *
 * Safe to ask again: a failure whose answer was lost may count twice, which only begins a wait one failure sooner.
 *
 * KEYS[1] failures of the name from the network  KEYS[2] failures of the network
 * ARGV[1] now  ARGV[2] 'right' or 'wrong'  ARGV[3] 'registered' or 'unknown'  ARGV[4] free by name
 * ARGV[5] free by network  ARGV[6] first wait  ARGV[7] longest wait  ARGV[8] memory
 * Answers { 'passed' }; { 'refused', until }; { 'failed', failures and until of the name, the same of the network }
 */
export const judge: Script = {
  name: 'latchkeyJudge',
  keys: 2,
  lua: `${readWaits}
local now = tonumber(ARGV[1])
local memory = tonumber(ARGV[8])

local function count(key, failures, free)
  local over = failures + 1 - tonumber(free)
  local wait_until = 0
  if over >= 0 then wait_until = now + math.min(tonumber(ARGV[7]), tonumber(ARGV[6]) * 2 ^ over) end
  redis.call('HSET', key, 'failures', text(failures + 1), 'until', text(wait_until), 'forget_at', text(now + memory))
  redis.call('PEXPIRE', key, ARGV[8])
  return failures + 1, wait_until
end

local failures, name_until = read(KEYS[1], now)
local all_failures, network_until = read(KEYS[2], now)
local wait_until = wait_of(failures, name_until, network_until, ARGV[3])
if now < wait_until then return { 'refused', text(wait_until) } end
if ARGV[2] == 'right' then
  if failures > 0 then redis.call('DEL', KEYS[1]) end
  return { 'passed' }
end
failures, name_until = count(KEYS[1], failures, ARGV[4])
if now < network_until then return { 'refused', text(math.max(name_until, network_until)) } end
all_failures, network_until = count(KEYS[2], all_failures, ARGV[5])
return { 'failed', text(failures), text(name_until), text(all_failures), text(network_until) }
`,
}
