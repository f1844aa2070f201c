import { randomBytes } from 'node:crypto'
import type { Attempt, AttemptPolicy } from '../../../src/store/attempts.ts'
import type { Store } from '../../../src/store/store.ts'

/** Far from the real time, since instants are the caller's: a store that asks any clock of its own is found out. */
const NOW = Date.UTC(2031, 4, 1)
const SECOND = 1000
const MINUTE = 60 * SECOND

const POLICY: AttemptPolicy = {
  freeByName: 3,
  freeByNetwork: 1000,
  firstWait: SECOND,
  longestWait: MINUTE,
  memory: 15 * MINUTE,
}

export function attemptContract(open: () => Store): void {
  const judge = (attempt: Attempt, policy: Partial<AttemptPolicy> = {}) =>
    open().attempts.judge(attempt, { ...POLICY, ...policy })

  /** A wrong attempt of a name of its own from a network of its own. */
  const newAttempt = (overrides: Partial<Attempt> = {}): Attempt => ({
    network: newName(),
    claimed: newName(),
    registered: true,
    right: false,
    now: NOW,
    ...overrides,
  })
  const wrong = async (attempt: Attempt, times: number, policy: Partial<AttemptPolicy> = {}) => {
    for (let time = 0; time < times; time++) await judge(attempt, policy)
  }

  describe('counting failures', () => {
    it('lets a right attempt pass where there were none', async () => {
      expect(await judge(newAttempt({ right: true }))).toEqual({ status: 'passed' })
    })

    it('judges the free ones, begins a wait with the last of them, and refuses until its last moment', async () => {
      const attempt = newAttempt()
      expect(await judge(attempt)).toEqual({ status: 'failed', waits: [] })
      expect(await judge(attempt)).toEqual({ status: 'failed', waits: [] })
      const until = NOW + SECOND
      expect(await judge(attempt)).toEqual({ status: 'failed', waits: [{ over: 'name', failures: 3, until }] })
      for (const now of [NOW, until - 1]) expect(await judge({ ...attempt, now })).toEqual({ status: 'refused', until })
      expect(await judge({ ...attempt, now: until })).toMatchObject({ status: 'failed' })
    })

    it('refuses a right attempt during a wait as it refuses a wrong one', async () => {
      const attempt = newAttempt()
      await wrong(attempt, 3)
      expect(await judge({ ...attempt, right: true })).toEqual({ status: 'refused', until: NOW + SECOND })
    })

    it('doubles the wait with each failure, up to the longest', async () => {
      const attempt = newAttempt()
      await wrong(attempt, 2)
      let now = NOW
      const waits: number[] = []
      for (let failure = 0; failure < 9; failure++) {
        const result = await judge({ ...attempt, now })
        const until = result.status === 'failed' ? (result.waits[0]?.until ?? 0) : 0
        waits.push((until - now) / SECOND)
        now = until
      }
      expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60])
    })

    it('does not draw a wait out by what comes during it', async () => {
      const attempt = newAttempt()
      await wrong(attempt, 50)
      const now = NOW + SECOND
      expect(await judge({ ...attempt, now })).toMatchObject({ waits: [{ failures: 4, until: now + 2 * SECOND }] })
    })

    it('forgets the failures of a name with a right attempt', async () => {
      const attempt = newAttempt()
      await wrong(attempt, 2)
      expect(await judge({ ...attempt, right: true })).toEqual({ status: 'passed' })
      await wrong(attempt, 2)
      expect(await judge({ ...attempt, right: true })).toEqual({ status: 'passed' })
    })

    it('forgets failures a while after the last of them', async () => {
      const attempt = newAttempt()
      await wrong(attempt, 2)
      const lastMoment = NOW + 15 * MINUTE - 1
      const longAfter = lastMoment + 15 * MINUTE
      expect(await judge({ ...attempt, now: lastMoment })).toMatchObject({ waits: [{ failures: 3 }] })
      expect(await judge({ ...attempt, now: longAfter })).toEqual({ status: 'failed', waits: [] })
    })

    it('keeps names and networks apart', async () => {
      const attempt = newAttempt()
      await wrong(attempt, 3)
      for (const other of [{ claimed: newName() }, { network: newName() }, { claimed: '' }]) {
        expect(await judge({ ...attempt, ...other })).toEqual({ status: 'failed', waits: [] })
        expect(await judge({ ...attempt, ...other, right: true })).toEqual({ status: 'passed' })
      }
    })
  })

  describe('counting the failures of a network', () => {
    /** A network that waits since three names failed once each. */
    const tired = async (registered = true) => {
      const network = newName()
      const failed = [1, 2, 3].map(() => newAttempt({ network, registered }))
      for (const attempt of failed) await judge(attempt, { freeByNetwork: 3 })
      return { network, failed: failed[0] as Attempt }
    }

    it('begins a wait for all names that failed there, and for those that nobody has', async () => {
      const { network, failed } = await tired(false)
      const refused = { status: 'refused', until: NOW + SECOND }
      expect(await judge(failed)).toEqual(refused)
      expect(await judge({ ...failed, right: true })).toEqual(refused)
      expect(await judge(newAttempt({ network, registered: false }))).toEqual(refused)
    })

    it('spares who did not fail there, and gives a guesser one guess for each', async () => {
      const { network } = await tired()
      const refused = { status: 'refused', until: NOW + SECOND }
      const bystander = newAttempt({ network, right: true })
      for (let time = 0; time < 3; time++) expect(await judge(bystander)).toEqual({ status: 'passed' })
      expect(await judge({ ...bystander, right: false })).toEqual(refused)
      expect(await judge(bystander)).toEqual(refused)
    })

    it('is not forgotten with a right attempt: one good name would make all guesses free', async () => {
      const network = newName()
      for (let time = 0; time < 2; time++) await judge(newAttempt({ network }), { freeByNetwork: 3 })
      await judge(newAttempt({ network, right: true }), { freeByNetwork: 3 })
      expect(await judge(newAttempt({ network }), { freeByNetwork: 3 })).toEqual({
        status: 'failed',
        waits: [{ over: 'network', failures: 3, until: NOW + SECOND }],
      })
    })

    it('doubles its wait with each failure that is judged', async () => {
      const { network } = await tired()
      const now = NOW + SECOND
      expect(await judge(newAttempt({ network, now }), { freeByNetwork: 3 })).toEqual({
        status: 'failed',
        waits: [{ over: 'network', failures: 4, until: now + 2 * SECOND }],
      })
    })

    it('tells of both waits where both begin', async () => {
      expect(await judge(newAttempt(), { freeByName: 1, freeByNetwork: 1 })).toEqual({
        status: 'failed',
        waits: [
          { over: 'name', failures: 1, until: NOW + SECOND },
          { over: 'network', failures: 1, until: NOW + SECOND },
        ],
      })
    })
  })

  describe('looking for a wait', () => {
    const look = ({ right, ...claim }: Attempt) => open().attempts.look(claim)

    it('finds none where nothing failed, nor while failures are free, nor at the moment when a wait ends', async () => {
      const attempt = newAttempt()
      expect(await look(attempt)).toBeUndefined()
      await wrong(attempt, 2)
      expect(await look(attempt)).toBeUndefined()
      await wrong(attempt, 1)
      expect(await look({ ...attempt, now: NOW + SECOND })).toBeUndefined()
    })

    it('tells until when the wait stands, up to its last moment', async () => {
      const attempt = newAttempt()
      await wrong(attempt, 3)
      for (const now of [NOW, NOW + SECOND - 1]) expect(await look({ ...attempt, now })).toBe(NOW + SECOND)
    })

    it('sees the wait of a network, and spares whom judging would spare', async () => {
      const network = newName()
      const failed = newAttempt({ network })
      await judge(failed, { freeByNetwork: 1 })
      expect(await look(failed)).toBe(NOW + SECOND)
      expect(await look(newAttempt({ network, registered: false }))).toBe(NOW + SECOND)
      expect(await look(newAttempt({ network }))).toBeUndefined()
    })

    it('leaves everything as it was, however often', async () => {
      const attempt = newAttempt()
      await wrong(attempt, 2)
      await Promise.all(Array.from({ length: 50 }, () => look(attempt)))
      const until = NOW + SECOND
      expect(await judge(attempt)).toEqual({ status: 'failed', waits: [{ over: 'name', failures: 3, until }] })
      await Promise.all(Array.from({ length: 50 }, () => look(attempt)))
      expect(await judge({ ...attempt, now: until })).toMatchObject({ waits: [{ failures: 4 }] })
    })

    it('sees no count that is forgotten', async () => {
      const attempt = newAttempt()
      const policy = { firstWait: 2 * MINUTE, longestWait: 2 * MINUTE, memory: MINUTE, freeByName: 1 }
      await judge(attempt, policy)
      expect(await look({ ...attempt, now: NOW + MINUTE - 1 })).toBe(NOW + 2 * MINUTE)
      expect(await look({ ...attempt, now: NOW + MINUTE })).toBeUndefined()
    })

    it('settles nothing: of 50 guesses that all saw no wait three are judged, and the right one after them waits', async () => {
      const attempt = newAttempt()
      const seen = await Promise.all(Array.from({ length: 50 }, () => look(attempt)))
      expect(seen).toEqual(Array(50).fill(undefined))
      const results = await Promise.all(Array.from({ length: 50 }, () => judge(attempt)))
      expect(results.filter(({ status }) => status === 'failed')).toHaveLength(3)
      expect(await judge({ ...attempt, right: true })).toEqual({ status: 'refused', until: NOW + SECOND })
      expect(await judge({ ...attempt, right: true, now: NOW + SECOND })).toEqual({ status: 'passed' })
    })
  })

  describe('failing many times at once', () => {
    it('counts a hundred failures as exactly a hundred', async () => {
      const attempt = newAttempt()
      const policy = { freeByName: 100, freeByNetwork: 100 }
      const results = await Promise.all(Array.from({ length: 100 }, () => judge(attempt, policy)))
      expect(results.filter(({ status }) => status === 'failed')).toHaveLength(100)
      expect(results.flatMap((result) => (result.status === 'failed' ? result.waits : []))).toEqual([
        { over: 'name', failures: 100, until: NOW + SECOND },
        { over: 'network', failures: 100, until: NOW + SECOND },
      ])
    })

    it('judges no more of them than it would have judged one by one', async () => {
      const attempt = newAttempt()
      const results = await Promise.all(Array.from({ length: 100 }, () => judge(attempt)))
      expect(results.filter(({ status }) => status === 'failed')).toHaveLength(3)
      expect(results.filter(({ status }) => status === 'refused')).toHaveLength(97)
    })
  })
}

function newName(): string {
  return randomBytes(8).toString('hex')
}
