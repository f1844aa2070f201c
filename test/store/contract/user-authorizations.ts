import type { NewAuthorization } from '../../../src/store/store.ts'
import {
  APP,
  activeAuthorization,
  asAuthorization,
  DAY,
  INDEX_TTL,
  inParallel,
  MINUTE,
  NOW,
  newCode,
  newId,
  newInteraction,
  newSession,
  type OpenStore,
  redemptionOf,
  rotationOf,
  SECOND,
  storedCode,
} from './records.ts'

/** What a user allowed, found and ended by the user's index. */
export function userAuthorizationContract(open: OpenStore): void {
  /** A user with a session, who asks for authorizations in it. */
  const signIn = async () => {
    const subject = `user-${newId()}`
    const session = newSession({ subject, endsAt: NOW + 400 * DAY })
    await open().sessions.create(session, 400 * DAY)
    const ask = async (id: string, now = NOW) => {
      await open().sessions.find(session.id, APP, id, now, INDEX_TTL)
      return id
    }
    return {
      owner: { userKey: session.id.userKey, subject },
      ask,
      active: async (overrides: Partial<NewAuthorization> = {}) =>
        activeAuthorization(open(), { id: await ask(newId()), subject, ...overrides }),
      code: async (overrides: Partial<NewAuthorization> = {}) =>
        storedCode(open(), { id: await ask(newId()), subject, ...overrides }),
    }
  }
  const LATER = NOW + MINUTE

  describe('the authorizations of a user', () => {
    it('are the active ones, the newest first', async () => {
      const { owner, active, code } = await signIn()
      const middle = await active({ createdAt: NOW + 1 })
      const oldest = await active()
      const newest = await active({ createdAt: NOW + 2, clientId: 'backend' })
      await code()
      const found = await open().authorizations.ofUser(owner, LATER)
      expect(found).toEqual([newest, middle, oldest].map((one) => asAuthorization(one, 1)))
    })

    it('are none of another user, nor what the index names and is another user’s', async () => {
      const [one, other] = [await signIn(), await signIn()]
      await other.active()
      await one.ask((await other.active()).id)
      expect(await open().authorizations.ofUser(one.owner, LATER)).toEqual([])
      expect(await open().authorizations.ofUser(other.owner, LATER)).toHaveLength(2)
      const stranger = { userKey: newId(), subject: 'nobody' }
      expect(await open().authorizations.ofUser(stranger, LATER)).toEqual([])
    })

    it('tell when each was last used', async () => {
      const { owner, active } = await signIn()
      const code = await active()
      const usedAt = async () => (await open().authorizations.ofUser(owner, LATER)).map((one) => one.usedAt)
      expect(await usedAt()).toEqual([NOW + SECOND])
      await open().authorizations.rotate(rotationOf(code, 1, { now: NOW + 2 * SECOND }))
      expect(await usedAt()).toEqual([NOW + 2 * SECOND])
      await open().authorizations.rotate(rotationOf(code, 1, { now: NOW + 3 * SECOND }))
      expect(await usedAt()).toEqual([NOW + 2 * SECOND])
    })

    it('are no more once they are revoked or over', async () => {
      const { owner, active } = await signIn()
      const [revoked, live] = [await active(), await active()]
      await open().authorizations.revoke(revoked.id)
      const { authorizations } = open()
      expect((await authorizations.ofUser(owner, LATER)).map(({ id }) => id)).toEqual([live.id])
      expect(await authorizations.ofUser(owner, NOW + SECOND + 30 * DAY - 1)).toHaveLength(1)
      expect(await authorizations.ofUser(owner, NOW + SECOND + 30 * DAY)).toEqual([])
    })

    it('are all there however many there are, whatever came to nothing between them', async () => {
      const { owner, ask, active } = await signIn()
      const ids: string[] = []
      for (let count = 0; count < 150; count++) {
        ids.push((await active()).id)
        await ask(newId())
      }
      for (const _look of [1, 2]) {
        const found = await open().authorizations.ofUser(owner, LATER)
        expect(found.map(({ id }) => id).sort()).toEqual(ids.sort())
      }
    })

    it('are found after very many requests that came to nothing, and so is what an open request ends in', async () => {
      const { owner, ask, active } = await signIn()
      const live = await active()
      const interaction = newInteraction({ id: `A${newId().slice(1)}`, expiresAt: NOW + DAY })
      await open().interactions.create(interaction)
      await ask(interaction.id)
      for (let count = 0; count < 300; count++) await ask(newId(), NOW)
      // An id of the kind that makes the store tidy up, when nothing can come of the others any more.
      await ask(`A${newId().slice(1)}`, NOW + DAY / 2)
      const { authorizations, interactions } = open()
      await authorizations.ofUser(owner, NOW + DAY / 2)
      const code = newCode({ id: interaction.id, subject: owner.subject, createdAt: NOW + DAY / 2 })
      await interactions.finish(interaction.id, { ...code, codeExpiresAt: NOW + DAY }, NOW + DAY / 2)
      await authorizations.redeem(redemptionOf(code, { now: NOW + DAY / 2 + 1 }))
      const found = await authorizations.ofUser(owner, NOW + DAY / 2 + 1)
      expect(found.map(({ id }) => id)).toEqual([interaction.id, live.id])
    })
  })

  describe('the end of what a user allowed one client', () => {
    it('takes every authorization of that client along, codes included, and tells which', async () => {
      const { owner, active, code } = await signIn()
      const mine = [await active(), await active({ scope: ['openid', 'offline_access'] }), await code()]
      const others = [await active({ clientId: 'backend' }), await active({ clientId: 'app2' })]
      const { authorizations } = open()
      const ended = await authorizations.endForClient(owner, 'app', NOW + SECOND)
      expect([...ended].sort()).toEqual(mine.map(({ id }) => id).sort())
      const left = await authorizations.ofUser(owner, NOW + SECOND)
      expect(left.map(({ id }) => id).sort()).toEqual(others.map(({ id }) => id).sort())
      for (const { id } of mine) expect(await authorizations.find(id, NOW + SECOND)).toBeUndefined()
      expect(await authorizations.redeem(redemptionOf(mine[2] as NewAuthorization))).toEqual({ status: 'unknown' })
      expect(await authorizations.endForClient(owner, 'app', NOW + SECOND)).toEqual([])
    })

    it('leaves what is another user’s', async () => {
      const [one, other] = [await signIn(), await signIn()]
      const { id } = await other.active()
      await one.ask(id)
      expect(await open().authorizations.endForClient(one.owner, 'app', LATER)).toEqual([])
      expect(await open().authorizations.find(id, LATER)).toBeDefined()
    })

    it('does not tell of what was over before', async () => {
      const { owner, code } = await signIn()
      const { codeExpiresAt } = await code()
      expect(await open().authorizations.endForClient(owner, 'app', codeExpiresAt)).toEqual([])
    })

    it('ends each once, however many ask at once', async () => {
      const { owner, active } = await signIn()
      const ids = (await inParallel(100, () => active())).map(({ id }) => id)
      const told = await inParallel(10, () => open().authorizations.endForClient(owner, 'app', LATER))
      expect(told.flat().sort()).toEqual(ids.sort())
      expect(await open().authorizations.ofUser(owner, LATER)).toEqual([])
    })
  })
}
