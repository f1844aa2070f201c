import { ANSWERED_INTERACTION_LIFETIME } from '../answered-interaction.ts'
import type { FinishResult, InteractionStore } from '../store.ts'
import type { Keys } from './keys.ts'
import type { Link } from './link.ts'
import { readInteraction, writeAccount, writeCode, writeInteraction } from './records.ts'
import { register } from './script.ts'
import { finish } from './scripts/finish.ts'
import { settle } from './scripts/settle.ts'
import { write } from './scripts/write.ts'

export function createInteractions(link: Link, keys: Keys): InteractionStore {
  const run = {
    write: register(link, write),
    settle: register(link, settle),
    finish: register(link, finish, { handsOut: ['finished'] }),
  }

  return {
    async create(interaction) {
      const ttl = interaction.expiresAt - interaction.createdAt
      await run.write([keys.interaction(interaction.id)], [ttl, ...writeInteraction(interaction)])
    },

    async find(id, now) {
      const fields = new Map(Object.entries(await link.ask(() => link.connection.hgetall(keys.interaction(id)))))
      return fields.has('request') && now < Number(fields.get('expires_at')) ? readInteraction(id, fields) : undefined
    },

    async settle(id, account, now) {
      const [status] = await run.settle([keys.interaction(id)], [now, writeAccount(account)])
      return { status: status as 'settled' | 'finished' | 'unknown' }
    },

    async finish(id, answer, now) {
      const outcome =
        answer === 'denied' ? ['denied'] : ['issued', answer.codeExpiresAt - answer.createdAt, ...writeCode(answer)]
      const [status, given, order, earlier] = await run.finish(
        [keys.interaction(id), keys.authorization(id)],
        [now, link.mark(), ANSWERED_INTERACTION_LIFETIME, ...outcome],
      )
      if (status !== 'finished') return { status } as FinishResult
      const first = order === 'first'
      const subject = first && answer !== 'denied' ? answer.subject : earlier
      return { status, outcome: given as 'issued' | 'denied', first, subject }
    },
  }
}
