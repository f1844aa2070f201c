import { MOST_ISSUED } from '../../../src/store/sessions.ts'
import {
  activeAuthorization,
  DAY,
  HOUR,
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
const APP = { clientId: 'app', redirectUri: 'https://app.example/callback' }
const OPENID = ['openid', 'read']

/** What the end of a session takes along. */
export function sessionEndContract(open: OpenStore): void {
  const begin = async () => {
    const session = newSession({ endsAt: NOW + 7 * DAY })
    await open().sessions.create(session, [], IDLE)
    return session.id
  }

  describe('the end of a session', () => {
    it('tells what may have been issued in it, each once, and only the first time', async () => {
      const { sessions } = open()
      const [id, other] = [await begin(), await begin()]
      const [first, second] = [newId(), newId()]
      for (const authorizationId of [first, second, first])
        await sessions.find(id, APP, authorizationId, NOW + MINUTE, IDLE)
      await sessions.find(other, APP, newId(), NOW + MINUTE, IDLE)
      expect([...(await sessions.end(id))].sort()).toEqual([first, second].sort())
      expect(await sessions.end(id)).toEqual([])
    })

    it('knows nothing of requests for which there was no session', async () => {
      const { sessions } = open()
      const id = await begin()
      await sessions.find(id, APP, newId(), NOW + IDLE, IDLE)
      expect(await sessions.end(id)).toEqual([])
    })

    it('tells what it remembered from its beginning, and no other session has', async () => {
      const { sessions } = open()
      const session = newSession()
      const [inherited, own] = [[newId(), newId()], newId()]
      await sessions.create(session, inherited, IDLE)
      await sessions.find(session.id, APP, own, NOW + 1, IDLE)
      expect(await sessions.end({ ...session.id, secret: newId() })).toEqual([])
      expect([...(await sessions.end(session.id))].sort()).toEqual([...inherited, own].sort())
    })

    it('remembers the newest ones where there are very many', async () => {
      const { sessions } = open()
      const id = await begin()
      const ids = Array.from({ length: MOST_ISSUED + 2 }, newId)
      for (const [index, authorizationId] of ids.entries())
        await sessions.find(id, APP, authorizationId, NOW + index, IDLE)
      expect([...(await sessions.end(id))].sort()).toEqual(ids.slice(2).sort())
    })

    it('misses nobody who found the session, whoever is first', async () => {
      const { sessions } = open()
      const id = await begin()
      const ids = Array.from({ length: 20 }, newId)
      const found = new Set<string>()
      const ended: string[] = []
      await inParallel(ids.length, async (index) => {
        const authorizationId = ids[index] as string
        if (index === 10) ended.push(...(await sessions.end(id)))
        else if ((await sessions.find(id, APP, authorizationId, NOW, IDLE)) !== undefined) found.add(authorizationId)
      })
      expect(ended.sort()).toEqual([...found].sort())
    })
  })

  describe('a look at a session', () => {
    it('shows it while it lives, and is no use of it', async () => {
      const { sessions } = open()
      const session = newSession()
      await sessions.create(session, [], IDLE)
      expect(await sessions.look(session.id, NOW + IDLE - 1)).toEqual(session)
      expect(await sessions.look(session.id, NOW + IDLE)).toBeUndefined()
      expect(await sessions.look({ ...session.id, secret: newId() }, NOW)).toBeUndefined()
      await sessions.end(session.id)
      expect(await sessions.look(session.id, NOW)).toBeUndefined()
    })
  })

  describe('an authorization at the end of its session', () => {
    const end = (id: string, subject = 'user-alice', now = NOW + MINUTE) =>
      open().authorizations.endWithSession(id, subject, now)
    const found = (id: string) => open().authorizations.find(id, NOW + MINUTE)

    it('ends where it is a sign-in and no more', async () => {
      const { id } = await activeAuthorization(open(), { scope: OPENID })
      expect(await end(id)).toEqual({ status: 'ended', clientId: 'app' })
      expect(await found(id)).toBeUndefined()
      expect(await end(id)).toEqual({ status: 'unknown' })
    })

    it('ends as a code, too', async () => {
      const code = await storedCode(open(), { scope: OPENID })
      expect(await end(code.id, 'user-alice', NOW + 1)).toEqual({ status: 'ended', clientId: 'app' })
      expect(await open().authorizations.redeem(redemptionOf(code))).toEqual({ status: 'unknown' })
    })

    it.each([
      ['access to an API without a sign-in', ['read', 'write']],
      ['access while the person is away', ['openid', 'offline_access']],
      ['a scope that only looks like openid', ['openid2', 'xopenid', 'openid:x']],
      ['no scope at all', []],
    ])('stays where it is %s', async (_what, scope) => {
      const { id } = await activeAuthorization(open(), { scope })
      expect(await end(id)).toEqual({ status: 'kept' })
      expect(await found(id)).toBeDefined()
    })

    it('ends where a scope only looks like offline_access', async () => {
      const { id } = await activeAuthorization(open(), { scope: ['openid', 'offline_access2'] })
      expect(await end(id)).toMatchObject({ status: 'ended' })
    })

    it('stays where it is another user’s', async () => {
      const { id } = await activeAuthorization(open(), { scope: OPENID, subject: 'user-bob' })
      expect(await end(id)).toEqual({ status: 'kept' })
      expect(await found(id)).toBeDefined()
    })

    it('is unknown where it never was, or is over', async () => {
      expect(await end(newId())).toEqual({ status: 'unknown' })
      const { id, codeExpiresAt } = await storedCode(open(), { scope: OPENID })
      expect(await end(id, 'user-alice', codeExpiresAt)).toEqual({ status: 'unknown' })
    })

    it('ends once, however many ask at once', async () => {
      const { id } = await activeAuthorization(open(), { scope: OPENID })
      const answers = await inParallel(20, () => end(id))
      expect(answers.filter(({ status }) => status === 'ended')).toHaveLength(1)
    })
  })
}
