import { DAY, HOUR, NOW, newId, newSession, type OpenStore } from './records.ts'

const IDLE = 8 * HOUR
const APP = { clientId: 'app', redirectUri: 'https://app.example/callback' }

export function sessionContract(open: OpenStore): void {
  const begin = async (overrides = {}, idleTtl = IDLE) => {
    const session = newSession(overrides)
    await open().sessions.create(session, [], idleTtl)
    return session
  }

  describe('a session', () => {
    it('is found as it was stored, with no consent where none was given', async () => {
      const session = await begin()
      const found = await open().sessions.find(session.id, APP, newId(), NOW, IDLE)
      expect(found).toEqual({ session, consent: undefined })
    })

    it('is found by its whole id only', async () => {
      const { sessions } = open()
      const { id } = await begin()
      expect(await sessions.find({ ...id, secret: newId() }, APP, newId(), NOW, IDLE)).toBeUndefined()
      expect(await sessions.find({ ...id, userKey: newId() }, APP, newId(), NOW, IDLE)).toBeUndefined()
    })

    it('ends after its idle time without use', async () => {
      const { sessions } = open()
      const [used, unused] = [await begin(), await begin()]
      expect(await sessions.find(used.id, APP, newId(), NOW + IDLE - 1, IDLE)).toBeDefined()
      expect(await sessions.find(unused.id, APP, newId(), NOW + IDLE, IDLE)).toBeUndefined()
    })

    it('begins its idle time anew with every use', async () => {
      const { sessions } = open()
      const { id } = await begin()
      for (const uses of [1, 2, 3])
        expect(await sessions.find(id, APP, newId(), NOW + uses * (IDLE - 1), IDLE)).toBeDefined()
      expect(await sessions.find(id, APP, newId(), NOW + 3 * (IDLE - 1) + IDLE, IDLE)).toBeUndefined()
    })

    it('takes the idle time that is asked for at its use', async () => {
      const { sessions } = open()
      const { id } = await begin()
      await sessions.find(id, APP, newId(), NOW, HOUR)
      expect(await sessions.find(id, APP, newId(), NOW + HOUR, IDLE)).toBeUndefined()
    })

    it('ends at its last moment however much it is used', async () => {
      const { sessions } = open()
      const { id, endsAt } = await begin({ endsAt: NOW + DAY })
      for (let now = NOW; now < endsAt; now += HOUR)
        expect(await sessions.find(id, APP, newId(), now, IDLE)).toBeDefined()
      expect(await sessions.find(id, APP, newId(), endsAt - 1, IDLE)).toBeDefined()
      expect(await sessions.find(id, APP, newId(), endsAt, IDLE)).toBeUndefined()
    })

    it('ends at its last moment where the idle time is longer', async () => {
      const { id, endsAt } = await begin({ endsAt: NOW + HOUR }, DAY)
      expect(await open().sessions.find(id, APP, newId(), endsAt, DAY)).toBeUndefined()
    })

    it('can be ended, once and again, and the other sessions of the user live on', async () => {
      const { sessions } = open()
      const session = await begin()
      const other = await begin({ id: { userKey: session.id.userKey, secret: newId() } })
      for (const id of [session.id, session.id, { userKey: newId(), secret: newId() }])
        expect(await sessions.end(id)).toEqual([])
      expect(await sessions.find(session.id, APP, newId(), NOW, IDLE)).toBeUndefined()
      expect(await sessions.find(other.id, APP, newId(), NOW, IDLE)).toMatchObject({ session: other })
    })
  })
}
