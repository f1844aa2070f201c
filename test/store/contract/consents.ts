import type { GivenConsent } from '../../../src/store/sessions.ts'
import { APP, DAY, HOUR, INDEX_TTL, inParallel, NOW, newId, newSession, type OpenStore } from './records.ts'

const API = 'https://api.example'
const FILES = 'https://files.example'
/** A yes to some scopes of one API, for a day. */
const yes = (scope: readonly string[], overrides: Partial<GivenConsent> = {}): GivenConsent => ({
  scope,
  leftOut: [],
  resources: [API],
  expiresAt: NOW + DAY,
  ...overrides,
})

/** What is remembered of one yes alone. */
const asConsent = ({ scope, resources, expiresAt }: GivenConsent) => ({
  grants: resources.map((resource) => ({ resource, scope })),
  expiresAt,
})

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
      const given = yes(['read', 'write'], { resources: [API, FILES], expiresAt: NOW + 365 * DAY })
      await open().consents.remember(userKey, APP, given, NOW)
      expect(await consent()).toEqual(asConsent(given))
    })

    it('may be one to no scope at all', async () => {
      const { userKey, consent } = await user()
      await open().consents.remember(userKey, APP, yes([]), NOW)
      expect(await consent()).toEqual(asConsent(yes([])))
    })

    it('is for one user, one client and one redirect URI', async () => {
      const [alice, bob] = [await user(), await user()]
      await open().consents.remember(alice.userKey, APP, yes(['read']), NOW)
      expect(await bob.consent()).toBeUndefined()
      expect(await alice.consent({ ...APP, clientId: 'backend' })).toBeUndefined()
      expect(await alice.consent({ ...APP, redirectUri: 'https://app.example/callback2' })).toBeUndefined()
      expect(await alice.consent({ ...APP, redirectUri: 'https://app.example/' })).toBeUndefined()
    })

    it('stands beside those to other clients', async () => {
      const { userKey, consent } = await user()
      const there = { ...APP, clientId: 'backend' }
      const longer = yes(['write'], { expiresAt: NOW + 2 * DAY })
      await open().consents.remember(userKey, APP, yes(['read']), NOW)
      await open().consents.remember(userKey, there, longer, NOW)
      expect(await consent()).toEqual(asConsent(yes(['read'])))
      expect(await consent(there)).toEqual(asConsent(longer))
    })

    it('grows by every further yes, API by API, and ends with the newest', async () => {
      const { userKey, consent } = await user()
      const { remember } = open().consents
      await remember(userKey, APP, yes(['openid', 'read'], { expiresAt: NOW + 9 * DAY }), NOW)
      await remember(userKey, APP, yes(['write'], { resources: [FILES] }), NOW)
      await remember(userKey, APP, yes(['read', 'send']), NOW)
      expect(await consent()).toEqual({
        grants: [
          { resource: FILES, scope: ['write'] },
          { resource: API, scope: ['openid', 'read', 'send'] },
        ],
        expiresAt: NOW + DAY,
      })
      expect(await consent(APP, NOW + DAY)).toBeUndefined()
    })

    it('loses what is left out of a further yes, at the same API', async () => {
      const { userKey, consent } = await user()
      const { remember } = open().consents
      await remember(userKey, APP, yes(['openid', 'read', 'write'], { resources: [API, FILES] }), NOW)
      await remember(userKey, APP, yes(['openid'], { leftOut: ['read', 'never-allowed'] }), NOW)
      expect(await consent()).toEqual({
        grants: [
          { resource: FILES, scope: ['openid', 'read', 'write'] },
          { resource: API, scope: ['openid', 'write'] },
        ],
        expiresAt: NOW + DAY,
      })
    })

    it('has nothing of one that is over', async () => {
      const { userKey, consent } = await user()
      const { remember } = open().consents
      await remember(userKey, APP, yes(['write']), NOW)
      // Another one keeps the record of the user alive.
      await remember(userKey, { ...APP, clientId: 'backend' }, yes(['read'], { expiresAt: NOW + 9 * DAY }), NOW)
      const later = yes(['read'], { expiresAt: NOW + 2 * DAY })
      await remember(userKey, APP, later, NOW + DAY)
      expect(await consent(APP, NOW + DAY)).toEqual(asConsent(later))
    })

    it('has every one of many that are given at once', async () => {
      const { userKey, consent } = await user()
      const names = Array.from({ length: 20 }, (_, index) => `scope-${index}`)
      await inParallel(20, (index) => open().consents.remember(userKey, APP, yes([names[index] as string]), NOW))
      expect([...((await consent())?.grants[0]?.scope ?? [])].sort()).toEqual([...names].sort())
    })

    it('ends at its own time, whether others of the user end sooner or later', async () => {
      const { userKey, consent } = await user()
      const ends = { sooner: NOW + HOUR, own: NOW + 2 * HOUR, later: NOW + 3 * HOUR }
      for (const [clientId, expiresAt] of Object.entries(ends)) {
        await open().consents.remember(userKey, { ...APP, clientId }, yes(['read'], { expiresAt }), NOW)
      }
      for (const [clientId, expiresAt] of Object.entries(ends)) {
        expect(await consent({ ...APP, clientId }, expiresAt - 1)).toEqual(asConsent(yes(['read'], { expiresAt })))
        expect(await consent({ ...APP, clientId }, expiresAt)).toBeUndefined()
      }
    })

    it('outlives the session in which it was given', async () => {
      const { userKey } = await user()
      await open().consents.remember(userKey, APP, yes(['read']), NOW)
      const next = newSession({ id: { userKey, secret: 'another-session-secret' } })
      await open().sessions.create(next, DAY)
      const found = await open().sessions.find(next.id, APP, newId(), NOW, INDEX_TTL)
      expect(found?.consent).toEqual(asConsent(yes(['read'])))
    })
  })

  describe('the remembered consents of a user', () => {
    const until = (expiresAt: number) => yes(['read'], { expiresAt })
    const ELSEWHERE = { ...APP, redirectUri: 'https://app.example/other?x=1' }
    const LIKE_IT = { ...APP, clientId: 'app2' }

    it('are told with what they are for, and those that are over are not', async () => {
      const { consents } = open()
      const [userKey, other] = [newId(), newId()]
      expect(await consents.ofUser(userKey, NOW)).toEqual([])
      await consents.remember(userKey, APP, until(NOW + DAY), NOW)
      await consents.remember(userKey, ELSEWHERE, until(NOW + HOUR), NOW)
      await consents.remember(other, APP, until(NOW + DAY), NOW)
      const told = await consents.ofUser(userKey, NOW)
      expect(told).toHaveLength(2)
      expect(told).toContainEqual({ ...APP, consent: asConsent(until(NOW + DAY)) })
      expect(told).toContainEqual({ ...ELSEWHERE, consent: asConsent(until(NOW + HOUR)) })
      expect(await consents.ofUser(userKey, NOW + HOUR)).toEqual([{ ...APP, consent: asConsent(until(NOW + DAY)) }])
    })

    it('are forgotten client by client, whatever the redirect URI', async () => {
      const { consents } = open()
      const [userKey, other] = [newId(), newId()]
      for (const consentFor of [APP, ELSEWHERE, LIKE_IT])
        await consents.remember(userKey, consentFor, until(NOW + DAY), NOW)
      await consents.remember(other, APP, until(NOW + DAY), NOW)
      await consents.forget(userKey, 'app')
      expect(await consents.ofUser(userKey, NOW)).toEqual([{ ...LIKE_IT, consent: asConsent(until(NOW + DAY)) }])
      expect(await consents.ofUser(other, NOW)).toHaveLength(1)
      await consents.forget(userKey, 'app2')
      await consents.forget(userKey, 'app2')
      expect(await consents.ofUser(userKey, NOW)).toEqual([])
    })

    it('are forgotten once and for all, however many are remembered at the same time for other clients', async () => {
      const { consents } = open()
      const userKey = newId()
      await consents.remember(userKey, APP, until(NOW + DAY), NOW)
      await inParallel(20, (index) =>
        index === 10
          ? consents.forget(userKey, 'app')
          : consents.remember(userKey, { ...APP, clientId: `other-${index}` }, until(NOW + DAY), NOW),
      )
      const told = await consents.ofUser(userKey, NOW)
      expect(told).toHaveLength(19)
      expect(told.map(({ clientId }) => clientId)).not.toContain('app')
    })

    it('do not come back where a yes for the same client is given at the same time', async () => {
      const { consents } = open()
      const userKey = newId()
      await consents.remember(userKey, APP, yes(['write']), NOW)
      await inParallel(20, (index) =>
        index === 10 ? consents.forget(userKey, 'app') : consents.remember(userKey, APP, yes(['read']), NOW),
      )
      const scopes = (await consents.ofUser(userKey, NOW)).flatMap(({ consent }) => consent.grants[0]?.scope ?? [])
      expect(scopes).not.toContain('write')
    })
  })
}
