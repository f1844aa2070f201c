import { DAY, HOUR, NOW, newId, newSession, type OpenStore } from './records.ts'

const API = 'https://api.example'
const APP = { clientId: 'app', redirectUri: 'https://app.example/callback' }

export function consentContract(open: OpenStore): void {
  /** A signed-in user, and what the store remembers of them. */
  const user = async () => {
    const session = newSession({ endsAt: NOW + 1000 * DAY })
    const { userKey } = session.id
    await open().sessions.create(session, [], 1000 * DAY)
    return {
      userKey,
      async consent(to = APP, now = NOW) {
        return (await open().sessions.find(session.id, to, newId(), now, 1000 * DAY))?.consent
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
      await open().sessions.create(next, [], DAY)
      const found = await open().sessions.find(next.id, APP, newId(), NOW, DAY)
      expect(found?.consent).toEqual({ grants: [{ resource: API, scope: ['read'] }], expiresAt: NOW + DAY })
    })
  })
}
