import type { Interaction, NewAuthorization } from './store.ts'

/**
 * How long an interaction stays in the store once it is answered, in milliseconds. Long enough for whoever comes back to it by
 * a reload, the back button or a second click: they are told that it is finished. Nobody else has any use for it.
 */
export const ANSWERED_INTERACTION_LIFETIME = 5 * 60 * 1000

/** Until when an interaction stays that is answered now: never longer than it would have waited, nor less than its code lives. */
export function endOfAnswered({ expiresAt }: Interaction, answer: NewAuthorization | 'denied', now: number): number {
  const codeExpiresAt = answer === 'denied' ? now : answer.codeExpiresAt
  return Math.min(expiresAt, Math.max(now + ANSWERED_INTERACTION_LIFETIME, codeExpiresAt))
}
