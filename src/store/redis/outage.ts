import { startWatch } from '../../lib/clock.ts'

/** Where an outage is told. */
export interface OutageReport {
  /** Redis is lost, or still is; `reason` is the latest one. */
  lost(reason: string): void
  back(): void
}

/** What is known about the connection being lost. */
export interface Outage {
  lost(reason: string): void
  back(): void
  /** Why it is lost; undefined while it is not. */
  reason(): string | undefined
  /** For how long it has been lost, in milliseconds; 0 while it is not. */
  age(): number
  /** From now on nothing is told: the connection is closed on purpose. */
  end(): void
}

const BETWEEN_REPORTS = 60_000
/** What says less than what was said before it: that it is lost, and not why. ioredis says so of nodes of a cluster, too. */
const VAGUE = /^(?:the connection was closed$|Connection is closed\.)/

/** Follows the connection, and tells of an outage once when it begins, once a minute while it lasts, once when it is over. */
export function createOutage(report: OutageReport): Outage {
  let ended = false
  let current: { reason: string; age: () => number; reported: () => number } | undefined

  return {
    lost(reason) {
      if (ended) return
      if (current === undefined) {
        current = { reason, age: startWatch(), reported: startWatch() }
        report.lost(reason)
        return
      }
      const vague = VAGUE.test(reason)
      const vagueBefore = VAGUE.test(current.reason)
      if (!vague || vagueBefore) current.reason = reason
      if (current.reported() < BETWEEN_REPORTS) return
      current.reported = startWatch()
      report.lost(current.reason)
    },
    back() {
      if (current === undefined) return
      current = undefined
      report.back()
    },
    reason: () => current?.reason,
    age: () => current?.age() ?? 0,
    end: () => {
      ended = true
    },
  }
}
