import type { Clock } from '../lib/clock.ts'

const SHORTEST_PAUSE = 100
const LONGEST_PAUSE = 30_000
/** A worker that served for so long did not die of its start. */
const HEALTHY_AFTER = 60_000
const MOST_FAILED_STARTS = 5

/** When to start a worker again in place of one that died. */
export interface Restarts {
  /** A worker serves. */
  listening(): void
  /**
   * A worker died.
   *
   * @param life.listeningSince undefined where it never served
   * @param life.othersServe whether any other worker still does
   * @returns how long to wait, in milliseconds, or that it is of no use
   */
  afterDeath(life: { listeningSince: number | undefined; othersServe: boolean }): { pause: number } | 'give-up'
}

/** Pauses double with each death, up to half a minute. Five failed starts in a row are the end, unless others serve. */
export function createRestarts(clock: Clock): Restarts {
  let deaths = 0
  let failedStarts = 0

  return {
    listening() {
      failedStarts = 0
    },
    afterDeath({ listeningSince, othersServe }) {
      if (listeningSince === undefined) failedStarts++
      else if (clock.now() - listeningSince >= HEALTHY_AFTER) deaths = 0
      if (failedStarts >= MOST_FAILED_STARTS && !othersServe) return 'give-up'
      return { pause: Math.min(SHORTEST_PAUSE * 2 ** deaths++, LONGEST_PAUSE) }
    },
  }
}
