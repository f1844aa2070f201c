import {
  APP,
  activeAuthorization,
  DAY,
  HOUR,
  INDEX_TTL,
  inParallel,
  MINUTE,
  NOW,
  newId,
  newSession,
  type OpenStore,
  redemptionOf,
  storedCode,
} from './records.ts'

const IDLE = 8 * HOUR
const OPENID = ['openid', 'read']

/** What the end of a session takes along. */
export function sessionEndContract(open: OpenStore): void {
  const begin = async (overrides = {}) => {
    const session = newSession(overrides)
    await open().sessions.create(session, IDLE)
    return session
  }
  const ask = (id: { userKey: string; secret: string }, authorizationId: string, now = NOW + MINUTE) =>
    open().sessions.find(id, APP, authorizationId, now, INDEX_TTL)
  const askedOf = async (id: { userKey: string; secret: string }, now = NOW + MINUTE) =>
    [...((await open().sessions.end(id, now))?.asked ?? [])].sort()

  describe('the end of a session', () => {
    it('tells what may have been issued in it, each once, and only the first time', async () => {
      const [session, other] = [await begin(), await begin()]
      const [first, second] = [newId(), newId()]
      for (const authorizationId of [first, second, first]) await ask(session.id, authorizationId)
      await ask(other.id, newId())
      const ended = await open().sessions.end(session.id, NOW + MINUTE)
      expect(ended?.session).toEqual(session)
      expect([...(ended?.asked ?? [])].sort()).toEqual([first, second].sort())
      expect(await open().sessions.end(session.id, NOW + MINUTE)).toBeUndefined()
    })

    it('is none where the session is over or never was', async () => {
      const { sessions } = open()
      const { id } = await begin()
      expect(await sessions.end({ ...id, secret: newId() }, NOW)).toBeUndefined()
      expect(await sessions.end(id, NOW + IDLE)).toBeUndefined()
      expect(await sessions.look(id, NOW)).toBeUndefined()
    })

    it('knows nothing of requests for which there was no session', async () => {
      const { userKey } = (await begin()).id
      const [over, live] = [await begin({ id: { userKey, secret: newId() } }), await begin()]
      await ask(over.id, newId(), NOW + IDLE)
      await ask({ ...live.id, secret: newId() }, newId())
      const later = await begin({ id: { userKey, secret: newId() }, authenticatedAt: NOW + IDLE })
      expect(await askedOf(later.id, NOW + IDLE)).toEqual([])
      expect(await askedOf(live.id)).toEqual([])
    })

    it('tells what was asked for since its lineage began, and nothing from before', async () => {
      const first = await begin()
      const { userKey } = first.id
      const [before, during, own] = [newId(), newId(), newId()]
      await ask(first.id, before, NOW + 1)
      await ask(first.id, during, NOW + 2)
      await open().sessions.end(first.id, NOW + 3)
      const next = await begin({ id: { userKey, secret: newId() }, beganAt: NOW + 2, authenticatedAt: NOW + 3 })
      await ask(next.id, own, NOW + 3)
      expect(await askedOf(next.id)).toEqual([during, own].sort())
    })

    it('tells what was asked for before its lineage began, and again in it', async () => {
      const first = await begin()
      const id = newId()
      await ask(first.id, id, NOW + 1)
      const next = await begin({ id: { userKey: first.id.userKey, secret: newId() }, beganAt: NOW + 2 })
      expect(await askedOf(next.id)).toEqual([])
      const last = await begin({ id: { userKey: first.id.userKey, secret: newId() }, beganAt: NOW + 2 })
      await ask(last.id, id, NOW + 3)
      // Of a process whose clock is behind.
      await ask(first.id, id, NOW + 1)
      expect(await askedOf(last.id)).toEqual([id])
    })

    it('tells what a process asked for whose clock is behind that of the one which began the lineage', async () => {
      const { id } = await begin({ beganAt: NOW + 500 })
      const asked = newId()
      await ask(id, asked, NOW)
      expect(await askedOf(id)).toEqual([asked])
    })

    it('tells all of them however many there are', async () => {
      const { id } = await begin()
      const ids = Array.from({ length: 1500 }, newId)
      for (const [index, authorizationId] of ids.entries()) await ask(id, authorizationId, NOW + index)
      expect(await askedOf(id)).toEqual(ids.sort())
    })

    it('knows nothing of what was asked for longer ago than any authorization lives', async () => {
      const { sessions } = open()
      const { id } = await begin({ endsAt: NOW + DAY })
      const [old, young] = [newId(), newId()]
      await sessions.find(id, APP, old, NOW, HOUR)
      await sessions.find(id, APP, young, NOW + 2, HOUR)
      await sessions.find(id, APP, young, NOW + HOUR + 1, HOUR)
      expect(await askedOf(id, NOW + HOUR + 1)).toEqual([young])
    })

    it('misses nobody who found the session, whoever is first', async () => {
      const { id } = await begin()
      const ids = Array.from({ length: 20 }, newId)
      const found = new Set<string>()
      const ended: string[] = []
      await inParallel(ids.length, async (index) => {
        const authorizationId = ids[index] as string
        if (index === 10) ended.push(...(await askedOf(id, NOW)))
        else if ((await ask(id, authorizationId, NOW)) !== undefined) found.add(authorizationId)
      })
      expect(ended.sort()).toEqual([...found].sort())
    })

    it('happens once, however many end it at once', async () => {
      const { id } = await begin()
      const answers = await inParallel(20, () => open().sessions.end(id, NOW))
      expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1)
    })
  })

  describe('a look at a session', () => {
    it('shows it while it lives, and is no use of it', async () => {
      const { sessions } = open()
      const session = await begin()
      expect(await sessions.look(session.id, NOW + IDLE - 1)).toEqual(session)
      expect(await sessions.look(session.id, NOW + IDLE)).toBeUndefined()
      expect(await sessions.look({ ...session.id, secret: newId() }, NOW)).toBeUndefined()
      await sessions.end(session.id, NOW)
      expect(await sessions.look(session.id, NOW)).toBeUndefined()
    })
  })

  describe('an authorization at the end of its session', () => {
    const sessionId = newId()
    const end = (id: string, subject = 'user-alice', now = NOW + MINUTE, lineage = sessionId) =>
      open().authorizations.endWithSession(id, subject, lineage, now)
    const found = (id: string) => open().authorizations.find(id, NOW + MINUTE)

    it('ends where it is a sign-in and no more', async () => {
      const { id } = await activeAuthorization(open(), { sessionId, scope: OPENID })
      expect(await end(id)).toEqual({ status: 'ended', clientId: 'app' })
      expect(await found(id)).toBeUndefined()
      expect(await end(id)).toEqual({ status: 'unknown' })
    })

    it('ends as a code, too', async () => {
      const code = await storedCode(open(), { sessionId, scope: OPENID })
      expect(await end(code.id, 'user-alice', NOW + 1)).toEqual({ status: 'ended', clientId: 'app' })
      expect(await open().authorizations.redeem(redemptionOf(code))).toEqual({ status: 'unknown' })
    })

    it.each([
      ['access to an API without a sign-in', ['read', 'write']],
      ['access while the person is away', ['openid', 'offline_access']],
      ['a scope that only looks like openid', ['openid2', 'xopenid', 'openid:x']],
      ['no scope at all', []],
    ])('stays where it is %s', async (_what, scope) => {
      const { id } = await activeAuthorization(open(), { sessionId, scope })
      expect(await end(id)).toEqual({ status: 'kept' })
      expect(await found(id)).toBeDefined()
    })

    it('ends where a scope only looks like offline_access', async () => {
      const { id } = await activeAuthorization(open(), { sessionId, scope: ['openid', 'offline_access2'] })
      expect(await end(id)).toMatchObject({ status: 'ended' })
    })

    it('stays where it is another user’s', async () => {
      const { id } = await activeAuthorization(open(), { sessionId, scope: OPENID, subject: 'user-bob' })
      expect(await end(id)).toEqual({ status: 'kept' })
      expect(await found(id)).toBeDefined()
    })

    it('stays where it was born in another session', async () => {
      const { id } = await activeAuthorization(open(), { sessionId, scope: OPENID })
      expect(await end(id, 'user-alice', NOW + MINUTE, newId())).toEqual({ status: 'kept' })
      expect(await found(id)).toBeDefined()
    })

    it('is unknown where it never was, or is over', async () => {
      expect(await end(newId())).toEqual({ status: 'unknown' })
      const { id, codeExpiresAt } = await storedCode(open(), { sessionId, scope: OPENID })
      expect(await end(id, 'user-alice', codeExpiresAt)).toEqual({ status: 'unknown' })
    })

    it('ends once, however many ask at once', async () => {
      const { id } = await activeAuthorization(open(), { sessionId, scope: OPENID })
      const answers = await inParallel(20, () => end(id))
      expect(answers.filter(({ status }) => status === 'ended')).toHaveLength(1)
    })
  })
}
