import { setTimeout as pause } from 'node:timers/promises'

/** A minute at least, far more than anything takes; without an end, a test that waits in vain would not say for what. */
const MOST_ROUNDS = 30_000

/** Waits for what happens behind the caller's back. */
export async function until(happened: () => boolean): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (happened()) return
    await pause(2)
  }
  throw new Error('what was waited for did not happen')
}
