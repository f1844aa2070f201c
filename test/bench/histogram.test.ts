import { createHistogram } from '../../bench/histogram.ts'

/** A histogram of these values. */
function histogramOf(values: readonly number[]) {
  const histogram = createHistogram()
  for (const value of values) histogram.record(value)
  return histogram
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

describe('a histogram', () => {
  it('counts what it was told and keeps the largest value exactly', () => {
    const histogram = histogramOf([3, 1234.5, 7])
    expect(histogram.count()).toBe(3)
    expect(histogram.max()).toBe(1234.5)
  })

  it('knows of no value at all', () => {
    const histogram = createHistogram()
    expect([histogram.count(), histogram.max(), histogram.percentile(0.5)]).toEqual([0, 0, 0])
  })

  it.each([0.5, 0.95, 0.99])('is at the share %d off by no more than a thirty-second, and never below', (share) => {
    const reached = histogramOf(upTo(100_000)).percentile(share)
    expect(reached).toBeGreaterThanOrEqual(share * 100_000)
    expect(reached).toBeLessThanOrEqual(share * 100_000 * (1 + 1 / 32))
  })

  it('tells a short value from a long one as well as two long ones', () => {
    const histogram = histogramOf([...upTo(99).map(() => 10), 1_000_000])
    expect(histogram.percentile(0.5)).toBeCloseTo(10, -0.5)
    expect(histogram.percentile(0.99)).toBeLessThan(11)
    expect(histogram.percentile(1)).toBe(1_000_000)
  })

  it('never tells more than the largest value', () => {
    expect(histogramOf([100]).percentile(0.5)).toBe(100)
  })

  it('puts what is shorter than its unit into one bucket', () => {
    expect(histogramOf([0, 0.25, 0.5, 100, 100]).percentile(0.5)).toBe(1)
  })
})
