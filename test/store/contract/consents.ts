import { DAY, HOUR, INDEX_TTL, inParallel, NOW, newId, newSession, type OpenStore } from './records.ts'

const API = 'https://api.example'
const APP = { clientId: 'app', redirectUri: 'https://app.example/callback' }

export function consentContract(open: OpenStore): void {
  /** A signed-in user, and what the store remembers of them. */
  const user = async () => {
    const session = newSession({ endsAt: NOW + 1000 * DAY })
    const { userKey } = session.id
    await open().sessions.create(session, 1000 * DAY)
    return {
      userKey,
      async consent(to = APP, now = NOW) {
        return (await open().sessions.find(session.id, to, newId(), now, INDEX_TTL))?.consent
      },
    }
  }

  describe('a remembered consent', () => {
    it('is found with the session of its user', async () => {
      const { userKey, consent } = await user()
      const given = { grants: [{ resource: API, scope: ['read', 'write'] }], expiresAt: NOW + 365 * DAY }
      await open().consents.remember(userKey, APP, given, NOW)
      expect(await consent()).toEqual(given)
    })

    it('may be one to no scope at all', async () => {
      const { userKey, consent } = await user()
      const given = { grants: [{ resource: API, scope: [] }], expiresAt: NOW + DAY }
      await open().consents.remember(userKey, APP, given, NOW)
      expect(await consent()).toEqual(given)
    })

    it('is for one user, one client and one redirect URI', async () => {
      const [alice, bob] = [await user(), await user()]
      await open().consents.remember(
        alice.userKey,
        APP,
        { grants: [{ resource: API, scope: ['read'] }], expiresAt: NOW + DAY },
        NOW,
      )
      expect(await bob.consent()).toBeUndefined()
      expect(await alice.consent({ ...APP, clientId: 'backend' })).toBeUndefined()
      expect(await alice.consent({ ...APP, redirectUri: 'https://app.example/callback2' })).toBeUndefined()
      expect(await alice.consent({ ...APP, redirectUri: 'https://app.example/' })).toBeUndefined()
    })

    it('stands beside those to other clients', async () => {
      const { userKey, consent } = await user()
      const [here, there] = [APP, { ...APP, clientId: 'backend' }]
      await open().consents.remember(
        userKey,
        here,
        { grants: [{ resource: API, scope: ['read'] }], expiresAt: NOW + DAY },
        NOW,
      )
      await open().consents.remember(
        userKey,
        there,
        { grants: [{ resource: API, scope: ['write'] }], expiresAt: NOW + 2 * DAY },
        NOW,
      )
      expect(await consent(here)).toEqual({ grants: [{ resource: API, scope: ['read'] }], expiresAt: NOW + DAY })
      expect(await consent(there)).toEqual({ grants: [{ resource: API, scope: ['write'] }], expiresAt: NOW + 2 * DAY })
    })

    it('takes the place of an earlier one', async () => {
      const { userKey, consent } = await user()
      await open().consents.remember(
        userKey,
        APP,
        { grants: [{ resource: API, scope: ['read', 'write'] }], expiresAt: NOW + 9 * DAY },
        NOW,
      )
      const later = { grants: [{ resource: API, scope: ['read'] }], expiresAt: NOW + DAY }
      await open().consents.remember(userKey, APP, later, NOW)
      expect(await consent()).toEqual(later)
      expect(await consent(APP, NOW + DAY)).toBeUndefined()
    })

    it('ends at its own time, whether others of the user end sooner or later', async () => {
      const { userKey, consent } = await user()
      const ends = { sooner: NOW + HOUR, own: NOW + 2 * HOUR, later: NOW + 3 * HOUR }
      for (const [clientId, expiresAt] of Object.entries(ends)) {
        await open().consents.remember(
          userKey,
          { ...APP, clientId },
          { grants: [{ resource: API, scope: ['read'] }], expiresAt },
          NOW,
        )
      }
      for (const [clientId, expiresAt] of Object.entries(ends)) {
        expect(await consent({ ...APP, clientId }, expiresAt - 1)).toEqual({
          grants: [{ resource: API, scope: ['read'] }],
          expiresAt,
        })
        expect(await consent({ ...APP, clientId }, expiresAt)).toBeUndefined()
      }
    })

    it('outlives the session in which it was given', async () => {
      const { userKey } = await user()
      await open().consents.remember(
        userKey,
        APP,
        { grants: [{ resource: API, scope: ['read'] }], expiresAt: NOW + DAY },
        NOW,
      )
      const next = newSession({ id: { userKey, secret: 'another-session-secret' } })
      await open().sessions.create(next, DAY)
      const found = await open().sessions.find(next.id, APP, newId(), NOW, INDEX_TTL)
      expect(found?.consent).toEqual({ grants: [{ resource: API, scope: ['read'] }], expiresAt: NOW + DAY })
    })
  })

  describe('the remembered consents of a user', () => {
    const yes = (expiresAt: number) => ({ grants: [{ resource: API, scope: ['read'] }], expiresAt })
    const ELSEWHERE = { ...APP, redirectUri: 'https://app.example/other?x=1' }
    const LIKE_IT = { ...APP, clientId: 'app2' }

    it('are told with what they are for, and those that are over are not', async () => {
      const { consents } = open()
      const [userKey, other] = [newId(), newId()]
      expect(await consents.ofUser(userKey, NOW)).toEqual([])
      await consents.remember(userKey, APP, yes(NOW + DAY), NOW)
      await consents.remember(userKey, ELSEWHERE, yes(NOW + HOUR), NOW)
      await consents.remember(other, APP, yes(NOW + DAY), NOW)
      const told = await consents.ofUser(userKey, NOW)
      expect(told).toHaveLength(2)
      expect(told).toContainEqual({ ...APP, consent: yes(NOW + DAY) })
      expect(told).toContainEqual({ ...ELSEWHERE, consent: yes(NOW + HOUR) })
      expect(await consents.ofUser(userKey, NOW + HOUR)).toEqual([{ ...APP, consent: yes(NOW + DAY) }])
    })

    it('are forgotten client by client, whatever the redirect URI', async () => {
      const { consents } = open()
      const [userKey, other] = [newId(), newId()]
      for (const consentFor of [APP, ELSEWHERE, LIKE_IT])
        await consents.remember(userKey, consentFor, yes(NOW + DAY), NOW)
      await consents.remember(other, APP, yes(NOW + DAY), NOW)
      await consents.forget(userKey, 'app')
      expect(await consents.ofUser(userKey, NOW)).toEqual([{ ...LIKE_IT, consent: yes(NOW + DAY) }])
      expect(await consents.ofUser(other, NOW)).toHaveLength(1)
      await consents.forget(userKey, 'app2')
      await consents.forget(userKey, 'app2')
      expect(await consents.ofUser(userKey, NOW)).toEqual([])
    })

    it('are forgotten once and for all, however many are remembered at the same time for other clients', async () => {
      const { consents } = open()
      const userKey = newId()
      await consents.remember(userKey, APP, yes(NOW + DAY), NOW)
      await inParallel(20, (index) =>
        index === 10
          ? consents.forget(userKey, 'app')
          : consents.remember(userKey, { ...APP, clientId: `other-${index}` }, yes(NOW + DAY), NOW),
      )
      const told = await consents.ofUser(userKey, NOW)
      expect(told).toHaveLength(19)
      expect(told.map(({ clientId }) => clientId)).not.toContain('app')
    })
  })
}
