import { growth, type Sample } from './samples.ts'

const MB = 1024 * 1024
const withHeaps = (heaps: number[]): Sample[] =>
  heaps.map((heap, index) => ({ at: index, flows: index, heapUsed: heap * MB, rss: 0, keys: 0, redisMemory: 0 }))
const hundred = (heapAt: (index: number) => number) =>
  withHeaps(Array.from({ length: 100 }, (_, index) => heapAt(index)))

describe('whether a heap grows', () => {
  it('is so where it rises steadily, though it wavers', () => {
    const { grows, rise } = growth(hundred((index) => 20 + index / 10 + (index % 2)))
    expect(grows).toBe(true)
    expect(rise / MB).toBeCloseTo(5, 0)
  })

  it.each([
    ['stays the same', () => 20],
    ['wavers', (index: number) => 20 + 3 * (index % 2)],
    ['rises at first only', (index: number) => Math.min(index, 40)],
    ['falls', (index: number) => 40 - index / 10],
    ['rises by less than a twentieth', (index: number) => 20 + index / 100],
  ])('is not so where it %s', (_name, heapAt) => {
    expect(growth(hundred(heapAt)).grows).toBe(false)
  })
})
