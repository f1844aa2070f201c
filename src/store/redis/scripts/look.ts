import type { Script } from '../script.ts'
import { readWaits } from './judge.ts'

/**
 * Whether a wait stands. Safe to ask again: it only reads.
 *
 * KEYS[1] failures of the name from the network  KEYS[2] failures of the network
 * ARGV[1] now  ARGV[2] 'registered' or 'unknown'
 * Answers { 'waits', until }; { 'free' }
 */
export const look: Script = {
  name: 'latchkeyLook',
  keys: 2,
  lua: `${readWaits}
local now = tonumber(ARGV[1])
local failures, name_until = read(KEYS[1], now)
local _, network_until = read(KEYS[2], now)
local wait_until = wait_of(failures, name_until, network_until, ARGV[2])
if now < wait_until then return { 'waits', text(wait_until) } end
return { 'free' }
`,
}
