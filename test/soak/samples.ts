/** What is seen at one moment. Sizes in bytes. */
export interface Sample {
  /** Seconds since the beginning. */
  at: number
  flows: number
  heapUsed: number
  rss: number
  keys: number
  redisMemory: number
}

/** Whether a series goes up or down, and by how much it varies anyway. */
export interface Trend {
  /** By how much the line through the series rises from its beginning to its end. */
  rise: number
  /** The standard deviation from that line. */
  noise: number
  mean: number
}

/** The least-squares line through values that were taken at equal distances. */
export function trendOf(values: readonly number[]): Trend {
  const mean = average(values)
  const middle = (values.length - 1) / 2
  const spread = average(values.map((_, index) => (index - middle) ** 2))
  const together = average(values.map((value, index) => (index - middle) * (value - mean)))
  const slope = spread === 0 ? 0 : together / spread
  const noise = Math.sqrt(average(values.map((value, index) => (value - mean - slope * (index - middle)) ** 2)))
  return { rise: slope * Math.max(0, values.length - 1), noise, mean }
}

/** The smallest part of the heap whose growth counts: less is what compiled code and filled caches take. */
const LEAST_SHARE = 0.05

/** Whether the heap grew over the second half of the samples, by more than it varies and by more than a twentieth. */
export function growth(samples: readonly Sample[]): Trend & { grows: boolean } {
  const trend = trendOf(samples.slice(Math.floor(samples.length / 2)).map(({ heapUsed }) => heapUsed))
  return { ...trend, grows: trend.rise > 2 * trend.noise && trend.rise > LEAST_SHARE * trend.mean }
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}
