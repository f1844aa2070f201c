import { createBoundedMap } from '../../src/lib/bounded-map.ts'

const sizeOf = (text: string) => text.length

it('keeps what is put in, and the last of what is put in twice', () => {
  const map = createBoundedMap<string>({ most: 2, largest: 10, sizeOf })
  map.set('a', 'one')
  map.set('a', 'two')
  expect([map.get('a'), map.get('b'), map.get('__proto__')]).toEqual(['two', undefined, undefined])
})

it('forgets what was asked for the longest ago where there are too many', () => {
  const map = createBoundedMap<string>({ most: 2, largest: 100, sizeOf })
  map.set('a', 'x')
  map.set('b', 'x')
  map.get('a')
  map.set('c', 'x')
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual(['x', undefined, 'x'])
})

it('forgets as many as it takes where they are too large together', () => {
  const map = createBoundedMap<string>({ most: 100, largest: 10, sizeOf })
  map.set('a', 'xxxx')
  map.set('b', 'xxxx')
  map.set('c', 'xxxxxxx')
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([undefined, undefined, 'xxxxxxx'])
  map.set('c', 'x')
  map.set('d', 'xxxxxxxxx')
  expect([map.get('c'), map.get('d')]).toEqual(['x', 'xxxxxxxxx'])
})

it('keeps nothing that is too large by itself', () => {
  const map = createBoundedMap<string>({ most: 100, largest: 10, sizeOf })
  map.set('a', 'x'.repeat(11))
  map.set('b', 'x'.repeat(10))
  expect([map.get('a'), map.get('b')]).toEqual([undefined, 'x'.repeat(10)])
})
