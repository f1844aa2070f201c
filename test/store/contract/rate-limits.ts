import type { RateLimitStore, RequestWindow } from '../../../src/store/rate-limits.ts'

const MINUTE = 60_000

/** What must hold for every store of counted requests. */
export function rateLimitContract(open: () => RateLimitStore): void {
  const now = Date.now()
  const startsAt = now - (now % MINUTE)
  const window = (who: string, more: Partial<RequestWindow> = {}) => ({
    limit: 'token-by-address',
    who,
    startsAt,
    length: MINUTE,
    ...more,
  })

  describe('requests counted for all processes', () => {
    it('are added up, and each call is told the sum', async () => {
      expect(await open().add(window('sum'), 1, now)).toBe(1)
      expect(await open().add(window('sum'), 120, now)).toBe(121)
      expect(await open().add(window('sum'), 1, now + MINUTE - 1)).toBe(122)
    })

    it('of a hundred parallel calls give each a sum of its own', async () => {
      const sums = await Promise.all(Array.from({ length: 100 }, () => open().add(window('parallel'), 1, now)))
      expect(sums.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
    })

    it('can be taken back, and asked for without adding any', async () => {
      expect(await open().add(window('back'), 10, now)).toBe(10)
      expect(await open().add(window('back'), -3, now)).toBe(7)
      expect(await open().add(window('back'), 0, now)).toBe(7)
    })

    it('keep callers, limits and windows apart, whatever letters stand in a client_id', async () => {
      expect(await open().add(window('one'), 5, now)).toBe(5)
      expect(await open().add(window('two'), 1, now)).toBe(1)
      expect(await open().add(window('one', { limit: 'token-by-client' }), 1, now)).toBe(1)
      expect(await open().add(window('one', { startsAt: startsAt + MINUTE }), 1, now)).toBe(1)
      for (const who of ['}', '{}', 'one}:', '*', '2001:db8::/64', '"']) {
        expect(await open().add(window(who), 1, now)).toBe(1)
      }
      expect(await open().add(window('one'), 0, now)).toBe(5)
    })

    it('are kept for a window longer than their own, for processes whose clock is behind', async () => {
      expect(await open().add(window('late'), 1, now)).toBe(1)
      expect(await open().add(window('late'), 1, startsAt + 2 * MINUTE - 1)).toBe(2)
    })
  })
}
