import type { Clock } from '../lib/clock.ts'

/** Signals that come this close together are one: a terminal and npm both pass on a Ctrl-C. In milliseconds. */
const SAME_SIGNAL = 500

/**
 * Calls back at the first SIGTERM or SIGINT, and at a second one of somebody who does not want to wait.
 *
 * @param on.insist called at most once, and at most for what comes half a second after the first
 */
export function onStopSignals(
  on: { stop(signal: NodeJS.Signals): void; insist(signal: NodeJS.Signals): void },
  clock: Clock,
): void {
  let firstAt: number | undefined
  const take = (signal: NodeJS.Signals) => {
    const now = clock.now()
    if (firstAt === undefined) {
      firstAt = now
      on.stop(signal)
    } else if (now - firstAt > SAME_SIGNAL) on.insist(signal)
  }
  process.on('SIGTERM', take)
  process.on('SIGINT', take)
}
