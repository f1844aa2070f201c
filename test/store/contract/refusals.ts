import { MOST_REFUSALS, REFUSAL_LIFETIME, type Refusal, type RefusalStore } from '../../../src/store/refusals.ts'
import { NOW } from './records.ts'

const refusal = (errorId: string, at = NOW): Refusal => ({
  errorId,
  at,
  error: 'invalid_request',
  status: 400,
  cause: 'missing-parameter',
  description: 'missing parameter: “code”\n',
  facts: { client_id: 'app', endpoint: 'POST /oauth/token' },
})

/** How many are noted at once: few enough for a busy machine to answer in time. */
const BATCH = 50

/** What must hold for every store of refusals. */
export function refusalContract(open: () => RefusalStore): void {
  describe('a refusal', () => {
    it('is found by its id as it was noted, and by no other', async () => {
      await open().note(refusal('aaaaaaaaaaa1'), NOW)
      await open().note(refusal('aaaaaaaaaaa2'), NOW)
      expect(await open().find('aaaaaaaaaaa1')).toEqual(refusal('aaaaaaaaaaa1'))
      expect(await open().find('aaaaaaaaaaa2')).toEqual(refusal('aaaaaaaaaaa2'))
      expect(await open().find('aaaaaaaaaaa3')).toBeUndefined()
    })

    it('is kept though the clocks of those who note differ', async () => {
      await open().note(refusal('bbbbbbbbbbb1', NOW + 5000), NOW + 5000)
      await open().note(refusal('bbbbbbbbbbb2', NOW - 5000), NOW - 5000)
      await open().note(refusal('bbbbbbbbbbb3', NOW + 5000), NOW + 5000)
      for (const id of ['bbbbbbbbbbb1', 'bbbbbbbbbbb2', 'bbbbbbbbbbb3']) {
        expect((await open().find(id))?.errorId).toBe(id)
      }
    })

    it('goes when there are too many newer ones or when its time is over, about, and not before', async () => {
      await open().note(refusal('ccccccccccc1'), NOW)
      const many = Array.from({ length: MOST_REFUSALS + 500 }, (_, index) => `d${String(index).padStart(11, '0')}`)
      for (let from = 0; from < many.length; from += BATCH) {
        await Promise.all(many.slice(from, from + BATCH).map((id) => open().note(refusal(id), NOW)))
      }
      expect(await open().find('ccccccccccc1')).toBeUndefined()
      expect((await open().find(many[1000] as string))?.errorId).toBe(many[1000])
      expect((await open().find(many.at(-1) as string))?.errorId).toBe(many.at(-1))

      const later = NOW + REFUSAL_LIFETIME + 60_000
      await open().note(refusal('eeeeeeeeeee1', later), later)
      expect(await open().find(many[1000] as string)).toBeUndefined()
      expect((await open().find('eeeeeeeeeee1'))?.errorId).toBe('eeeeeeeeeee1')
    })
  })
}
