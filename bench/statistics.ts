/** The middle of the values, or the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const [below, above] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return below === undefined || above === undefined ? Number.NaN : (below + above) / 2
}

/**
 * The median of the ratios of two series, taken pair by pair. What slows the whole machine down for a while slows both
 * values of a pair, which were measured one after the other; so it spoils the series, but hardly their ratios.
 */
export function pairedRatio(numerators: readonly number[], denominators: readonly number[]): number {
  return median(numerators.map((value, index) => value / (denominators[index] ?? Number.NaN)))
}

/** The members from this index on, then those before it. */
export function rotated<T>(members: readonly T[], by: number): T[] {
  const from = members.length === 0 ? 0 : by % members.length
  return [...members.slice(from), ...members.slice(0, from)]
}
