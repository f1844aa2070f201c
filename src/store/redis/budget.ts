import { startWatch } from '../../lib/clock.ts'

/** The time in which one call of the store must have its answer. */
export interface Budget {
  /** Milliseconds that are left. */
  left(): number
  /** What the work gives, or an error once the time is over; the work itself cannot be called back. */
  hold<T>(work: Promise<T>): Promise<T>
  /** Waits until the condition is true, which is looked at again and again; false where the time was over first. */
  until(condition: () => boolean): Promise<boolean>
  /** To be called when all is done. */
  close(): void
}

const BETWEEN_LOOKS = 20

/** @param limit milliseconds from now */
export function createBudget(limit: number): Budget {
  const elapsed = startWatch()
  const left = () => limit - elapsed()
  let timer: NodeJS.Timeout | undefined

  return {
    left,
    hold: (work) =>
      new Promise((resolve, reject) => {
        clearTimeout(timer)
        timer = setTimeout(() => reject(new Error(`no answer within ${limit} ms`)), Math.ceil(left()))
        work.then(resolve, reject)
      }),
    async until(condition) {
      while (left() > BETWEEN_LOOKS) {
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS))
        if (condition()) return true
      }
      return false
    },
    close: () => clearTimeout(timer),
  }
}
