import type { OnceStore } from '../once.ts'
import type { Keys } from './keys.ts'
import type { Link } from './link.ts'

export function createOnce(link: Link, keys: Keys): OnceStore {
  return {
    async use(scope, id, expiresAt, now) {
      const key = keys.once(scope, id)
      const mine = link.mark()
      const ttl = Math.max(1, Math.ceil(expiresAt - now))
      return link.ask(async (again) => {
        // One command both asks and marks, so that of any number of parallel uses one is the first.
        if ((await link.connection.set(key, mine, 'PX', ttl, 'NX')) === 'OK') return true
        // Asked again, the mark may be our own: the first time it was set and only the answer was lost.
        return again && (await link.connection.get(key)) === mine
      })
    },
  }
}
