import type { Answer } from '../helpers/http-client.ts'

/** What is counted while a fault is on, and until all is well again. */
export interface Counts {
  /** Flows that came to their end. */
  flows: number
  /** Requests that were answered by 503, or by nothing. */
  interrupted: number
  /** Codes that gave tokens twice. */
  doubleRedemptions: number
  /** Codes, tokens and sessions that were handed out and are unknown now. */
  lost: number
  /** Authorizations that ended though their client only did what it may. */
  wronglyRevoked: number
  /** Codes whose redemption was answered by 503 and that were refused when it was repeated, as ADR 0025 says they may be. */
  failedSafe: number
  /** The longest time in which no request succeeded, in seconds. */
  unavailable: number
  /** Requests that took longer than 2 seconds. */
  slow: number
  /** How long the slowest took, in milliseconds. */
  slowest: number
  /** Answers of 500 and above that are not 503. */
  serverErrors: number
  /** Processes that ended by themselves, faults that nobody foresaw, and what was written to standard error. */
  crashes: number
}

/** Counts while people go through flows. */
export interface Tally {
  counts: Counts
  answered(answer: Answer): void
  unanswered(took: number): void
  /** Ends the time in which something could have succeeded. */
  end(): void
}

const PROMISE = 2000

export function createTally(): Tally {
  const counts: Counts = {
    flows: 0,
    interrupted: 0,
    doubleRedemptions: 0,
    lost: 0,
    wronglyRevoked: 0,
    failedSafe: 0,
    unavailable: 0,
    slow: 0,
    slowest: 0,
    serverErrors: 0,
    crashes: 0,
  }
  let succeeded = performance.now()

  const noteTime = (took: number) => {
    counts.slowest = Math.max(counts.slowest, took)
    if (took > PROMISE) counts.slow++
  }
  const noteGap = () => {
    const now = performance.now()
    counts.unavailable = Math.max(counts.unavailable, (now - succeeded) / 1000)
    succeeded = now
  }

  return {
    counts,
    answered({ status, took }) {
      noteTime(took)
      if (status < 400) noteGap()
      else if (status === 503) counts.interrupted++
      else if (status >= 500) counts.serverErrors++
    },
    unanswered(took) {
      noteTime(took)
      counts.interrupted++
    },
    end: noteGap,
  }
}

/** What must never happen, each with what it is called. */
export const NEVER = {
  doubleRedemptions: 'double redemptions',
  lost: 'lost',
  wronglyRevoked: 'wrongly revoked',
  serverErrors: '5xx but 503',
  crashes: 'crashes',
} as const satisfies Partial<Record<keyof Counts, string>>

/** What happened and must not, in words; the time of requests is not looked at. */
export function brokenPromises(counts: Counts): string[] {
  const names = Object.keys(NEVER) as Array<keyof typeof NEVER>
  return names.filter((name) => counts[name] > 0).map((name) => `${NEVER[name]}: ${counts[name]}`)
}
