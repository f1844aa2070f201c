/** Begins to measure; each call of what it gives tells the seconds since. Not for what a clock of a test must move. */
export function stopwatch(): () => number {
  const began = performance.now()
  return () => (performance.now() - began) / 1000
}
