import { MOST_REFUSALS, REFUSAL_LIFETIME, type Refusal, type RefusalStore } from '../refusals.ts'

/** Refusals in memory, the oldest first. */
export function createRefusals(): RefusalStore {
  const kept = new Map<string, Refusal>()

  return {
    async note(refusal, now) {
      kept.set(refusal.errorId, refusal)
      for (const [id, { at }] of kept) {
        if (kept.size <= MOST_REFUSALS && at >= now - REFUSAL_LIFETIME) return
        kept.delete(id)
      }
    },
    find: async (errorId) => kept.get(errorId),
  }
}
