import type { OnceStore } from '../../../src/store/once.ts'

/** What must hold for every store of ids that count once. */
export function onceContract(open: () => OnceStore): void {
  const now = Date.now()
  const until = now + 60_000

  describe('an id that counts once', () => {
    it('is true for the first use only', async () => {
      expect(await open().use('first', 'id', until, now)).toBe(true)
      expect(await open().use('first', 'id', until, now)).toBe(false)
      expect(await open().use('first', 'id', until, now + 59_999)).toBe(false)
    })

    it('of fifty parallel uses is true for exactly one', async () => {
      const uses = await Promise.all(Array.from({ length: 50 }, () => open().use('parallel', 'id', until, now)))
      expect(uses.filter(Boolean)).toHaveLength(1)
    })

    it('keeps scopes apart, and cannot be led across their border by what stands in an id', async () => {
      expect(await open().use('one', 'id', until, now)).toBe(true)
      expect(await open().use('two', 'id', until, now)).toBe(true)
      expect(await open().use('one"', 'id', until, now)).toBe(true)
      expect(await open().use('one', '","id', until, now)).toBe(true)
      expect(await open().use('one","', 'id', until, now)).toBe(true)
      expect(await open().use('', 'oneid', until, now)).toBe(true)
    })

    it('takes ids of any letters and length, and tells them apart', async () => {
      const ids = ['', ' ', '*', '{}', '\r\n', '\u0000', 'ä', 'ID', 'id ', 'x'.repeat(10_000), 'x'.repeat(10_001)]
      for (const id of ids) expect(await open().use('letters', id, until, now)).toBe(true)
      for (const id of ids) expect(await open().use('letters', id, until, now)).toBe(false)
    })

    it('a second user does not lengthen or shorten what the first one marked', async () => {
      expect(await open().use('lengths', 'id', until, now)).toBe(true)
      expect(await open().use('lengths', 'id', now + 1, now)).toBe(false)
      expect(await open().use('lengths', 'id', until, now + 10)).toBe(false)
    })
  })
}
