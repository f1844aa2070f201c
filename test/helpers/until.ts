import { setTimeout as pause } from 'node:timers/promises'

/** Far more than anything on this machine takes; without an end, a test that waits in vain would hold the process. */
const MOST_ROUNDS = 3000

/** Waits for what happens behind the caller's back. */
export async function until(happened: () => boolean): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (happened()) return
    await pause(2)
  }
  throw new Error('what was waited for did not happen')
}
