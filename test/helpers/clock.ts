import type { Clock } from '../../src/lib/clock.ts'

/** A clock that stands still until it is moved. */
export interface TestClock extends Clock {
  advance(step: { seconds: number }): void
}

export function createTestClock(start = Date.now()): TestClock {
  let now = start
  return {
    now: () => now,
    advance: ({ seconds }) => {
      now += seconds * 1000
    },
  }
}
