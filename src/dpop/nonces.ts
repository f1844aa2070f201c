import { CLOCK_SKEW, type Clock } from '../lib/clock.ts'
import type { Mac } from '../lib/mac.ts'

/** Nonces that clients must put into their proofs (RFC 9449 §8), so that none can be made long before its use. */
export interface DpopNonces {
  /** The newest nonce. */
  current(): string
  /** Until when a process with the latest clock may take the nonce, in milliseconds; undefined where it is none or over. */
  acceptedUntil(nonce: string): number | undefined
}

/** A nonce is offered for a minute and taken for one to two. */
const STEP = 60_000

/**
 * A nonce is the HMAC of the minute it is made in: every process knows it, and the store is not asked. RFC 9449 §8 wants
 * it unpredictable, not unique to a client.
 *
 * @param mac its keys rotate with SECRET_KEYS
 */
export function createDpopNonces(mac: Mac, clock: Clock): DpopNonces {
  const minute = () => Math.floor(clock.now() / STEP)
  let offered: { at: number; nonce: string } | undefined

  return {
    current() {
      const at = minute()
      // Every answer of the token endpoint has it.
      if (offered?.at !== at) offered = { at, nonce: mac.sign(String(at)) }
      return offered.nonce
    },
    acceptedUntil(nonce) {
      const now = minute()
      // The next minute too: the process that offered it may have a clock that is ahead of ours.
      const made = [now, now - 1, now + 1].find((candidate) => mac.verify(String(candidate), nonce))
      return made === undefined ? undefined : (made + 2) * STEP + CLOCK_SKEW
    },
  }
}
