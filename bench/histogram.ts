/** How many of the buckets lie between one power of two and the next: no value is off by more than 1/32. */
const BUCKETS_PER_OCTAVE = 32

/** How often which time was taken. Memory does not grow with the number of times. */
export interface Histogram {
  /** @param value in any unit, above zero; smaller ones than 1 share the first bucket */
  record(value: number): void
  count(): number
  /** The largest value recorded, exactly; 0 where there is none. */
  max(): number
  /**
   * The value that this share of all values does not exceed: the upper edge of its bucket, and never more than the maximum.
   *
   * @param share from 0 to 1
   */
  percentile(share: number): number
}

/** Log-linear: each octave is cut into buckets of equal width, so short and long times are told equally well. */
export function createHistogram(): Histogram {
  const buckets: number[] = []
  let count = 0
  let max = 0

  return {
    record(value) {
      const bucket = bucketOf(value)
      buckets[bucket] = (buckets[bucket] ?? 0) + 1
      count++
      max = Math.max(max, value)
    },
    count: () => count,
    max: () => max,
    percentile(share) {
      const wanted = Math.max(1, Math.ceil(share * count))
      let seen = 0
      for (const [bucket, held = 0] of buckets.entries()) {
        seen += held
        if (seen >= wanted) return Math.min(max, upperEdge(bucket))
      }
      return max
    },
  }
}

function bucketOf(value: number): number {
  if (value < 1) return 0
  const octave = Math.floor(Math.log2(value))
  const within = Math.floor((value / 2 ** octave - 1) * BUCKETS_PER_OCTAVE)
  return 1 + octave * BUCKETS_PER_OCTAVE + within
}

function upperEdge(bucket: number): number {
  if (bucket === 0) return 1
  const octave = Math.floor((bucket - 1) / BUCKETS_PER_OCTAVE)
  const within = (bucket - 1) % BUCKETS_PER_OCTAVE
  return 2 ** octave * (1 + (within + 1) / BUCKETS_PER_OCTAVE)
}
