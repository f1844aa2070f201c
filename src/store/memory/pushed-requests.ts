import type { Interaction, PushedRequest, PushedRequestStore } from '../store.ts'
import { createExpiringMap, type ExpiringMap } from './expiring-map.ts'

/** Pushed requests in memory. Once opened, a request stands among the interactions. */
export function createPushedRequests(interactions: ExpiringMap<Interaction>): PushedRequestStore {
  const waiting = createExpiringMap<PushedRequest>()
  const opened = createExpiringMap<true>()

  return {
    async create(pushed) {
      waiting.set(pushed.id, pushed, pushed.expiresAt, pushed.createdAt)
    },

    async open({ id, clientId, browserHash, now, opensUntil }) {
      const interaction = opened.get(id, now) && interactions.get(id, now)
      const pushed = interaction ?? waiting.get(id, now)
      if (pushed === undefined) return { status: 'unknown' }
      if (pushed.request.clientId !== clientId) return { status: 'wrong-client' }
      if (interaction !== undefined) {
        if (interaction.browserHash !== browserHash) return { status: 'foreign-browser' }
        return { status: 'opened', interaction, first: false }
      }
      const begun = { id, request: pushed.request, browserHash, createdAt: now, expiresAt: opensUntil }
      waiting.delete(id)
      opened.set(id, true, opensUntil, now)
      interactions.set(id, begun, opensUntil, now)
      return { status: 'opened', interaction: begun, first: true }
    },
  }
}
