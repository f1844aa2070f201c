import { editDistance, firstDifference, nearest } from '../../src/lib/nearest.ts'

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['same', 'same', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['REDIS_URI', 'REDIS_URL', 1],
    ['scopes', 'scope', 1],
    ['ab', 'ba', 2],
  ])('from %j to %j is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance)
    expect(editDistance(b, a)).toBe(distance)
  })
})

describe('nearest', () => {
  it('is the candidate with the fewest edits', () => {
    expect(nearest('https://app.example/calback', ['https://other.example', 'https://app.example/callback'])).toBe(
      'https://app.example/callback',
    )
  })

  it('is the first of those that are equally near', () => {
    expect(nearest('b', ['a', 'c'])).toBe('a')
  })

  it('is nothing among nothing', () => {
    expect(nearest('text', [])).toBeUndefined()
  })

  it('looks at the first 256 characters only, so that a stranger cannot make it work long', () => {
    const head = 'x'.repeat(256)
    const text = head + 'y'.repeat(300)
    // By whole lengths the second would win.
    expect(nearest(text, [head + 'z'.repeat(300), text])).toBe(head + 'z'.repeat(300))
    expect(nearest(text, [head.slice(1), text])).toBe(text)
  })
})

describe('firstDifference', () => {
  it.each([
    ['', '', undefined],
    ['same', 'same', undefined],
    ['same', 'sane', 2],
    ['Same', 'same', 0],
    ['https://app.example/cb', 'https://app.example/cb/', 22],
    ['https://app.example/cb/', 'https://app.example/cb', 22],
    ['', 'a', 0],
  ])('between %j and %j is at %p', (a, b, index) => {
    expect(firstDifference(a, b)).toBe(index)
  })
})
