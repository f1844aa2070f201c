import { MOST_REFUSALS, REFUSAL_LIFETIME, type Refusal, type RefusalStore } from '../refusals.ts'
import type { Keys } from './keys.ts'
import type { Link } from './link.ts'
import { register } from './script.ts'
import { noteRefusal } from './scripts/note-refusal.ts'

/** How many entries are looked through at once. Only people ask, and never on the path of a request. */
const BATCH = 500

export function createRefusals(link: Link, keys: Keys): RefusalStore {
  const write = register(link, noteRefusal)

  return {
    async note({ errorId, ...rest }, now) {
      await write([keys.refusals()], [errorId, JSON.stringify(rest), MOST_REFUSALS, now, REFUSAL_LIFETIME])
    },

    async find(errorId) {
      // The newest first: whoever asks has just been refused.
      for (let newest = '+'; ; ) {
        const entries = await link.ask(() => link.connection.xrevrange(keys.refusals(), newest, '-', 'COUNT', BATCH))
        for (const [, [id, text]] of entries) {
          if (id === errorId) return { errorId, ...(JSON.parse(text as string) as Omit<Refusal, 'errorId'>) }
        }
        const oldest = entries.at(-1)
        if (oldest === undefined || entries.length < BATCH) return undefined
        newest = `(${oldest[0]}`
      }
    },
  }
}
