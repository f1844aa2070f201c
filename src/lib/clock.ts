/** The time as the server sees it; injected, so that tests can move it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
}

/** The clock of the machine. */
export const systemClock: Clock = { now: () => Date.now() }

/**
 * How far apart clocks may be, in milliseconds: those of clients and ours, and those of our own processes. Half a minute is what
 * machines that ask for the time are well within.
 */
export const CLOCK_SKEW = 30_000

/** Whole seconds since the Unix epoch, as JWT claims carry them (RFC 7519 §2, NumericDate). */
export function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000)
}

/** Measures time that really passes, which no clock that is moved changes: gives the milliseconds since it was made. */
export function startWatch(): () => number {
  const start = performance.now()
  return () => performance.now() - start
}
