import { endOfAnswered } from '../answered-interaction.ts'
import type { Interaction, Store } from '../store.ts'
import { createAttempts } from './attempts.ts'
import { createAuthorizationIndex } from './authorization-index.ts'
import { asAuthorization, bornAsCode, createAuthorizations, type StoredAuthorization } from './authorizations.ts'
import { createConsents } from './consents.ts'
import { createExpiringMap } from './expiring-map.ts'
import { createPushedRequests } from './pushed-requests.ts'
import { createRateLimits } from './rate-limits.ts'
import { createRefusals } from './refusals.ts'
import { createSessions } from './sessions.ts'

/** The store in this process's memory: for trying the server out, for development and for tests. Gone with the process. */
export function createMemoryStore(): Store {
  const authorizations = createExpiringMap<StoredAuthorization>()
  const interactions = createExpiringMap<Interaction>()
  const consents = createConsents()
  const revoked = createExpiringMap<true>()
  const used = createExpiringMap<true>()

  const index = createAuthorizationIndex(
    (id, now) => authorizations.get(id, now) !== undefined || interactions.get(id, now) !== undefined,
  )

  return {
    authorizations: createAuthorizations(authorizations, index),

    interactions: {
      async create(interaction) {
        interactions.set(interaction.id, interaction, interaction.expiresAt, interaction.createdAt)
      },
      find: async (id, now) => interactions.get(id, now),
      async settle(id, account, now) {
        const interaction = interactions.get(id, now)
        if (interaction === undefined) return { status: 'unknown' }
        if (interaction.outcome !== undefined) return { status: 'finished' }
        interactions.set(id, { ...interaction, account }, interaction.expiresAt, now)
        return { status: 'settled' }
      },
      async finish(id, answer, now) {
        const interaction = interactions.get(id, now)
        if (interaction === undefined) return { status: 'unknown' }
        if (interaction.outcome === 'issued' && authorizations.get(id, now)?.generation !== 0)
          return { status: 'spent' }
        if (interaction.outcome !== undefined) {
          const subject = authorizations.get(id, now)?.subject
          return { status: 'finished', outcome: interaction.outcome, first: false, subject }
        }
        const outcome = answer === 'denied' ? 'denied' : 'issued'
        const expiresAt = endOfAnswered(interaction, answer, now)
        interactions.set(id, { ...interaction, outcome, expiresAt }, expiresAt, now)
        if (answer !== 'denied') authorizations.set(id, bornAsCode(answer), answer.codeExpiresAt, now)
        const subject = answer === 'denied' ? undefined : answer.subject
        return { status: 'finished', outcome, first: true, subject }
      },
    },

    pushedRequests: createPushedRequests(interactions),

    sessions: createSessions(consents, index),
    consents,

    accessTokens: {
      async stands({ authorizationId, tokenId }, now) {
        if (revoked.get(tokenId, now) === true) return { status: 'fallen' }
        if (authorizationId === undefined) return { status: 'stands', authorization: undefined }
        const record = authorizations.get(authorizationId, now)
        if (record === undefined || record.generation === 0) return { status: 'fallen' }
        return { status: 'stands', authorization: asAuthorization(record) }
      },
      async revoke({ tokenId }, expiresAt, now) {
        revoked.set(tokenId, true, expiresAt, now)
      },
    },

    once: {
      async use(scope, id, expiresAt, now) {
        const key = JSON.stringify([scope, id])
        if (used.get(key, now) === true) return false
        used.set(key, true, expiresAt, now)
        return true
      },
    },

    attempts: createAttempts(),
    rateLimits: createRateLimits(),
    refusals: createRefusals(),

    check: async () => ({ problems: [], warnings: [] }),
    async close() {},
  }
}
