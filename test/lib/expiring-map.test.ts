import { createExpiringMap } from '../../src/store/memory/expiring-map.ts'

it('forgets an entry in the very millisecond in which it expires', () => {
  const map = createExpiringMap<string>()
  map.set('key', 'value', 1000, 0)
  expect(map.get('key', 999)).toBe('value')
  expect(map.get('key', 1000)).toBeUndefined()
  expect(map.get('other', 0)).toBeUndefined()
})

it('does not remember an expired entry again when the clock is set back', () => {
  const map = createExpiringMap<string>()
  map.set('key', 'value', 1000, 0)
  map.get('key', 1000)
  expect(map.get('key', 0)).toBeUndefined()
})

it('gives an entry that is set again its new value and its new time', () => {
  const map = createExpiringMap<string>()
  map.set('key', 'old', 1000, 0)
  map.set('key', 'new', 3000, 500)
  expect(map.get('key', 2000)).toBe('new')
})

it('deletes one entry and leaves the others', () => {
  const map = createExpiringMap<string>()
  map.set('a', '1', 1000, 0)
  map.set('b', '2', 1000, 0)
  map.delete('a')
  expect([map.get('a', 0), map.get('b', 0)]).toEqual([undefined, '2'])
})

it('keeps values that are empty', () => {
  const map = createExpiringMap<string | number>()
  map.set('text', '', 1000, 0)
  map.set('number', 0, 1000, 0)
  expect([map.get('text', 0), map.get('number', 0)]).toEqual(['', 0])
})

it('sweeps out what nobody asks for any more, once in a thousand writes, so that memory does not grow for ever', () => {
  const map = createExpiringMap<string>()
  map.set('over', 'value', 1000, 0)
  map.set('alive', 'value', 9000, 0)
  for (let count = 2; count < 1000; count++) map.set('busy', 'value', 9000, 1000)
  // Asked at an instant before its time was over: only the sweep can have removed it.
  expect(map.get('over', 0)).toBeUndefined()
  expect(map.get('alive', 0)).toBe('value')
})
