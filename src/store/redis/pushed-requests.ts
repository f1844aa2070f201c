import type { OpenResult, PushedRequestStore } from '../store.ts'
import type { Keys } from './keys.ts'
import type { Link } from './link.ts'
import { readFields, readInteraction, writePushed } from './records.ts'
import { register } from './script.ts'
import { open } from './scripts/open.ts'
import { write } from './scripts/write.ts'

export function createPushedRequests(link: Link, keys: Keys): PushedRequestStore {
  const run = { write: register(link, write), open: register(link, open) }

  return {
    async create(pushed) {
      await run.write([keys.pushed(pushed.id)], [pushed.expiresAt - pushed.createdAt, ...writePushed(pushed)])
    },

    async open({ id, clientId, browserHash, now, opensUntil }) {
      const answer = await run.open([keys.pushed(id), keys.interaction(id)], [now, clientId, browserHash, opensUntil])
      const status = answer[0] as OpenResult['status']
      if (status !== 'opened') return { status }
      return { status, first: answer[1] === 'first', interaction: readInteraction(id, readFields(answer, 2)) }
    },
  }
}
