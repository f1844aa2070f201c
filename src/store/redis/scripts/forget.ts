import type { Script } from '../script.ts'

/**
 * Forgets the consents of a user to one client, whatever their redirect URI.
 *
 * Safe to ask again: what is forgotten stays so, and a yes of the moment between is asked for once more.
 *
 * KEYS[1] consents of the user
 * ARGV[1] what their fields begin with: the client_id and the space after it
 * Answers { 'forgotten' }
 */
export const forget: Script = {
  name: 'latchkeyForget',
  keys: 1,
  lua: `
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, #ARGV[1]) == ARGV[1] then redis.call('HDEL', KEYS[1], field) end
end
return { 'forgotten' }
`,
}
