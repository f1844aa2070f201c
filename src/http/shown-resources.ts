import type { Resources } from '../oauth/resource.ts'

/** APIs as a person can read them; none where this server knows only one, which goes without saying. */
export function shownResources(uris: readonly string[], { byUri }: Resources): string[] {
  return byUri.size === 1 ? [] : uris.map((uri) => uri.replace(/^https?:\/\//, ''))
}
