/** Does pieces of work, so many of them at once; the others wait for their turn in the order they came in. */
export type AtOnce = <T>(work: () => Promise<T>) => Promise<T>

/** @param most how many at once, at least one */
export function createAtOnce(most: number): AtOnce {
  const waiting: Array<() => void> = []
  let working = 0

  const enter = () => {
    if (working < most) {
      working++
      return
    }
    return new Promise<void>((resolve) => waiting.push(resolve))
  }
  const leave = () => {
    const next = waiting.shift()
    // Whoever waits takes over the place of who leaves.
    if (next === undefined) working--
    else next()
  }

  return async (work) => {
    await enter()
    try {
      return await work()
    } finally {
      leave()
    }
  }
}
