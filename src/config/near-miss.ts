import { editDistance, nearest } from '../lib/nearest.ts'

/** Variables of other systems that look like slips of ours and are none. */
const INNOCENT = ['USER', 'HOSTS', 'HOSTNAME', 'SCOPE', 'CLIENT', 'POST', 'HISTFILE']

const SHORTEST = 6

/**
 * Sentences about environment variables that are one or two letters off a known name, such as REDIS_URI.
 *
 * @param names all names in the environment
 * @param known the names that have a meaning here
 */
export function nearMisses(names: readonly string[], known: readonly string[]): string[] {
  const all = known.flatMap((name) => [name, `${name}_FILE`])
  return names.flatMap((name) => {
    if (all.includes(name) || INNOCENT.includes(name) || name.length < SHORTEST) return []
    const close = nearest(name.toUpperCase(), all)
    if (close === undefined) return []
    const allowed = close.length >= 9 ? 2 : 1
    return editDistance(name.toUpperCase(), close) <= allowed
      ? [`${name} is not a known variable; did you mean ${close}?`]
      : []
  })
}
