/** One stretch of time in which requests of one caller are counted together. Instants and durations in milliseconds. */
export interface RequestWindow {
  /** The name of the limit. */
  limit: string
  /** Whose requests: a network or a client_id. */
  who: string
  /** A multiple of `length`, so that processes agree on it without asking each other. */
  startsAt: number
  length: number
}

/** The port of what counts requests for all processes together. */
export interface RateLimitStore {
  /**
   * Adds requests that one process has counted, and tells the sum of all processes. One step: of parallel calls no two are
   * told the same sum, unless they add nothing.
   *
   * @param requests a whole number; less than 0 takes back what was added before
   */
  add(window: RequestWindow, requests: number, now: number): Promise<number>
}

/** Until when a count must be kept: a window longer than its window, since the clocks of processes differ. */
export function keptUntil({ startsAt, length }: RequestWindow): number {
  return startsAt + 2 * length
}
