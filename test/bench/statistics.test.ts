import { median, pairedRatio, rotated } from '../../bench/statistics.ts'

describe('the statistics of a run', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
    [[7], 7],
  ])('have of %j the median %d', (values, middle) => {
    expect(median(values)).toBe(middle)
  })

  it('have no median of nothing', () => {
    expect(median([])).toBeNaN()
  })

  it('leave the series that they sort as it was', () => {
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
  })

  it('compare round by round, so that a slow time of the machine does not show', () => {
    // The machine was ten times slower in the second half; the server always took twice as long as the other.
    expect(pairedRatio([2, 2, 2, 20, 20], [1, 1, 1, 10, 10])).toBe(2)
    // Medians of each series would say otherwise where the slow time fell between the two of a pair.
    expect(pairedRatio([2, 2, 20], [1, 10, 10])).toBe(2)
  })

  it('have no ratio to a series that is not there', () => {
    expect(pairedRatio([1, 2], [])).toBeNaN()
  })

  it.each([
    [0, ['a', 'b', 'c']],
    [1, ['b', 'c', 'a']],
    [5, ['c', 'a', 'b']],
  ])('begin round %d with another server', (round, order) => {
    expect(rotated(['a', 'b', 'c'], round)).toEqual(order)
  })
})
