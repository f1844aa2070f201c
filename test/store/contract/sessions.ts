import { APP, DAY, HOUR, INDEX_TTL, NOW, newId, newSession, type OpenStore } from './records.ts'

const IDLE = 8 * HOUR
export function sessionContract(open: OpenStore): void {
  const begin = async (overrides = {}, idleTtl = IDLE) => {
    const session = newSession(overrides)
    await open().sessions.create(session, idleTtl)
    return session
  }

  describe('a session', () => {
    it('is found as it was stored, with no consent where none was given', async () => {
      const session = await begin()
      const found = await open().sessions.find(session.id, APP, newId(), NOW, INDEX_TTL)
      expect(found).toEqual({ session, consent: undefined })
    })

    it('is found by its whole id only', async () => {
      const { sessions } = open()
      const { id } = await begin()
      expect(await sessions.find({ ...id, secret: newId() }, APP, newId(), NOW, INDEX_TTL)).toBeUndefined()
      expect(await sessions.find({ ...id, userKey: newId() }, APP, newId(), NOW, INDEX_TTL)).toBeUndefined()
    })

    it('ends after its idle time without use', async () => {
      const { sessions } = open()
      const [used, unused] = [await begin(), await begin()]
      expect(await sessions.find(used.id, APP, newId(), NOW + IDLE - 1, INDEX_TTL)).toBeDefined()
      expect(await sessions.find(unused.id, APP, newId(), NOW + IDLE, INDEX_TTL)).toBeUndefined()
    })

    it('begins its idle time anew with every use', async () => {
      const { sessions } = open()
      const { id } = await begin()
      for (const uses of [1, 2, 3])
        expect(await sessions.find(id, APP, newId(), NOW + uses * (IDLE - 1), INDEX_TTL)).toBeDefined()
      expect(await sessions.find(id, APP, newId(), NOW + 3 * (IDLE - 1) + IDLE, INDEX_TTL)).toBeUndefined()
    })

    it('keeps the idle time that it began with', async () => {
      const { sessions } = open()
      const [long, short] = [await begin(), await begin({}, HOUR)]
      for (const { id } of [long, short]) await sessions.find(id, APP, newId(), NOW + 1, INDEX_TTL)
      expect(await sessions.find(short.id, APP, newId(), NOW + 1 + HOUR, INDEX_TTL)).toBeUndefined()
      expect(await sessions.find(long.id, APP, newId(), NOW + IDLE, INDEX_TTL)).toBeDefined()
    })

    it('tells whether its person asked to be kept signed in, and of which lineage it is', async () => {
      const session = await begin({ kept: true, lineage: newId(), beganAt: NOW - DAY })
      expect(await open().sessions.look(session.id, NOW)).toEqual(session)
    })

    it('ends at its last moment however much it is used', async () => {
      const { sessions } = open()
      const { id, endsAt } = await begin({ endsAt: NOW + DAY })
      for (let now = NOW; now < endsAt; now += HOUR)
        expect(await sessions.find(id, APP, newId(), now, INDEX_TTL)).toBeDefined()
      expect(await sessions.find(id, APP, newId(), endsAt - 1, INDEX_TTL)).toBeDefined()
      expect(await sessions.find(id, APP, newId(), endsAt, INDEX_TTL)).toBeUndefined()
    })

    it('ends at its last moment where the idle time is longer', async () => {
      const { id, endsAt } = await begin({ endsAt: NOW + HOUR }, DAY)
      expect(await open().sessions.find(id, APP, newId(), endsAt, INDEX_TTL)).toBeUndefined()
    })

    it('can be ended, once and again, and the other sessions of the user live on', async () => {
      const { sessions } = open()
      const session = await begin()
      const other = await begin({ id: { userKey: session.id.userKey, secret: newId() } })
      for (const id of [session.id, session.id, { userKey: newId(), secret: newId() }]) await sessions.end(id, NOW)
      expect(await sessions.find(session.id, APP, newId(), NOW, INDEX_TTL)).toBeUndefined()
      expect(await sessions.find(other.id, APP, newId(), NOW, INDEX_TTL)).toMatchObject({ session: other })
    })
  })
}
