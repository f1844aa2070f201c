import { ANSWERED_INTERACTION_LIFETIME } from '../../../src/store/answered-interaction.ts'
import type { SessionId } from '../../../src/store/sessions.ts'
import type { FinishResult } from '../../../src/store/store.ts'
import { pkcePair } from '../../helpers/pkce.ts'
import {
  asAuthorization,
  inParallel,
  MINUTE,
  NOW,
  newCode,
  newId,
  newInteraction,
  type OpenStore,
  redemptionOf,
  SECOND,
} from './records.ts'

const someSession = (): SessionId => ({ userKey: newId(), secret: newId() })

export function interactionContract(open: OpenStore): void {
  const begin = async (overrides = {}) => {
    const interaction = newInteraction(overrides)
    await open().interactions.create(interaction)
    return interaction
  }

  describe('an interaction', () => {
    it('is found as it was stored until its last moment', async () => {
      const { interactions } = open()
      const interaction = await begin()
      expect(await interactions.find(interaction.id, NOW)).toEqual(interaction)
      expect(await interactions.find(interaction.id, interaction.expiresAt - 1)).toEqual(interaction)
      expect(await interactions.find(interaction.id, interaction.expiresAt)).toBeUndefined()
      expect(await interactions.find(newId(), NOW)).toBeUndefined()
    })

    it('may be without state', async () => {
      const { request } = newInteraction()
      const interaction = await begin({ request: { ...request, state: undefined } })
      const found = await open().interactions.find(interaction.id, NOW)
      expect(found).toEqual(interaction)
      expect(found?.request.state).toBeUndefined()
    })
  })

  describe('settling whose account an interaction goes on with', () => {
    const chosen = { session: someSession(), by: 'choice' } as const

    it('is noted in the interaction, the last word counts, and nothing else changes', async () => {
      const { interactions } = open()
      const interaction = await begin()
      for (const account of [chosen, { session: someSession(), by: 'sign-in' }, 'another', 'unsure', chosen] as const) {
        expect(await interactions.settle(interaction.id, account, NOW + MINUTE)).toEqual({ status: 'settled' })
        expect(await interactions.find(interaction.id, NOW + MINUTE)).toEqual({ ...interaction, account })
      }
      expect(await interactions.find(interaction.id, interaction.expiresAt)).toBeUndefined()
    })

    it('works for one that began as a pushed request', async () => {
      const { interactions, pushedRequests } = open()
      const { id, request, browserHash } = newInteraction()
      await pushedRequests.create({ id, request, createdAt: NOW, expiresAt: NOW + MINUTE })
      expect(await interactions.settle(id, chosen, NOW)).toEqual({ status: 'unknown' })
      const opening = { id, clientId: 'app', browserHash, now: NOW, opensUntil: NOW + 30 * MINUTE }
      await pushedRequests.open(opening)
      expect(await interactions.settle(id, chosen, NOW)).toEqual({ status: 'settled' })
      expect(await pushedRequests.open(opening)).toMatchObject({ first: false, interaction: { account: chosen } })
    })

    it('cannot be done where it never began or is over', async () => {
      const { interactions } = open()
      const { id, expiresAt } = await begin()
      expect(await interactions.settle(id, 'another', expiresAt)).toEqual({ status: 'unknown' })
      const never = newId()
      expect(await interactions.settle(never, 'another', NOW)).toEqual({ status: 'unknown' })
      expect(await interactions.find(never, NOW)).toBeUndefined()
    })

    it.each(['issued', 'denied'] as const)('cannot be done where it was %s', async (outcome) => {
      const { interactions } = open()
      const { id } = await begin()
      await interactions.settle(id, chosen, NOW)
      await interactions.finish(id, outcome === 'issued' ? newCode({ id }) : 'denied', NOW)
      expect(await interactions.settle(id, 'another', NOW)).toEqual({ status: 'finished' })
      expect(await interactions.find(id, NOW)).toMatchObject({ outcome, account: chosen })
    })

    it('comes before the end or not at all, however many do both at once', async () => {
      const { interactions } = open()
      const { id } = await begin()
      const sessions = Array.from({ length: 20 }, someSession)
      const answers = await inParallel(20, async (index) => {
        if (index === 10) await interactions.finish(id, 'denied', NOW)
        const session = sessions[index] as SessionId
        return { session, ...(await interactions.settle(id, { session, by: 'sign-in' }, NOW)) }
      })
      const settled = answers.filter(({ status }) => status === 'settled')
      const account = (await interactions.find(id, NOW))?.account
      expect(settled.map(({ session }) => ({ session, by: 'sign-in' }))).toContainEqual(account)
      expect(answers.filter(({ status }) => status === 'finished').length).toBeGreaterThan(0)
    })
  })

  describe('finishing an interaction', () => {
    it('creates the authorization of the same id for a yes', async () => {
      const { interactions, authorizations } = open()
      const { id } = await begin()
      const code = newCode({ id })
      const result = await interactions.finish(id, code, NOW)
      expect(result).toEqual({ status: 'finished', outcome: 'issued', first: true, subject: 'user-alice' })
      expect(await interactions.find(id, NOW)).toMatchObject({ outcome: 'issued' })
      expect(await authorizations.redeem(redemptionOf(code))).toEqual({
        status: 'redeemed',
        authorization: asAuthorization(code, 1),
      })
    })

    it('creates nothing for a no', async () => {
      const { interactions, authorizations } = open()
      const { id } = await begin()
      const result = await interactions.finish(id, 'denied', NOW)
      expect(result).toEqual({ status: 'finished', outcome: 'denied', first: true })
      expect(await interactions.find(id, NOW)).toMatchObject({ outcome: 'denied' })
      expect(await authorizations.redeem(redemptionOf(newCode({ id })))).toEqual({ status: 'unknown' })
    })

    it('tells the first answer again, and only the first time that it was the first', async () => {
      const { interactions } = open()
      const [allowed, denied] = [await begin(), await begin()]
      const code = newCode({ id: allowed.id })
      await interactions.finish(allowed.id, code, NOW)
      await interactions.finish(denied.id, 'denied', NOW)
      for (let times = 0; times < 3; times++) {
        const yes = await interactions.finish(allowed.id, code, NOW)
        expect(yes).toEqual({ status: 'finished', outcome: 'issued', first: false, subject: 'user-alice' })
        const no = await interactions.finish(denied.id, 'denied', NOW)
        expect(no).toEqual({ status: 'finished', outcome: 'denied', first: false })
      }
    })

    it('does not change a no to a yes', async () => {
      const { interactions, authorizations } = open()
      const { id } = await begin()
      const code = newCode({ id })
      await interactions.finish(id, 'denied', NOW)
      const yes = await interactions.finish(id, code, NOW)
      expect(yes).toEqual({ status: 'finished', outcome: 'denied', first: false })
      expect(await authorizations.redeem(redemptionOf(code))).toEqual({ status: 'unknown' })
    })

    it('does not change a yes to a no, nor to a yes to anything else', async () => {
      const { interactions, authorizations } = open()
      const { id } = await begin()
      const code = newCode({ id })
      await interactions.finish(id, code, NOW)
      for (const answer of ['denied', newCode({ id, scope: ['admin'], subject: 'user-bob' })] as const) {
        const later = await interactions.finish(id, answer, NOW)
        expect(later).toEqual({ status: 'finished', outcome: 'issued', first: false, subject: 'user-alice' })
      }
      expect(await authorizations.redeem(redemptionOf(code))).toMatchObject({ authorization: asAuthorization(code, 1) })
    })

    it.each<[string, (code: ReturnType<typeof newCode>) => Promise<unknown>]>([
      ['redeemed', (code) => open().authorizations.redeem(redemptionOf(code))],
      ['burnt', (code) => open().authorizations.redeem(redemptionOf(code, { codeChallenge: pkcePair().challenge }))],
      ['revoked', (code) => open().authorizations.revoke(code.id)],
    ])('is spent once its code is %s: no second one is made', async (_what, use) => {
      const { interactions, authorizations } = open()
      const { id } = await begin()
      const code = newCode({ id })
      await interactions.finish(id, code, NOW)
      await use(code)
      for (const answer of [code, 'denied'] as const) {
        expect(await interactions.finish(id, answer, NOW + SECOND)).toEqual({ status: 'spent' })
      }
      expect(await authorizations.redeem(redemptionOf(code))).not.toMatchObject({ status: 'redeemed' })
    })

    it('is spent once its code is expired, even while the store still keeps it', async () => {
      const { interactions } = open()
      const { id } = await begin()
      const code = newCode({ id })
      await interactions.finish(id, code, NOW)
      const inTime = await interactions.finish(id, code, code.codeExpiresAt - 1)
      expect(inTime).toEqual({ status: 'finished', outcome: 'issued', first: false, subject: 'user-alice' })
      expect(await interactions.finish(id, code, code.codeExpiresAt)).toEqual({ status: 'spent' })
    })

    it('cannot be done where it never began or is over', async () => {
      const { interactions, authorizations } = open()
      const { id, expiresAt } = await begin()
      const late = newCode({ id, createdAt: expiresAt, codeExpiresAt: expiresAt + MINUTE })
      for (const answer of [late, 'denied'] as const) {
        expect(await interactions.finish(id, answer, expiresAt)).toEqual({ status: 'unknown' })
        expect(await interactions.finish(newId(), answer, NOW)).toEqual({ status: 'unknown' })
      }
      const now = expiresAt + SECOND
      expect(await authorizations.redeem(redemptionOf(late, { now }))).toEqual({ status: 'unknown' })
    })
  })

  describe('an interaction that is answered', () => {
    const answers = (id: string) => ({ allowed: newCode({ id }), denied: 'denied' as const })

    it.each(['allowed', 'denied'] as const)('stays for some minutes from its first answer on (%s)', async (which) => {
      const { interactions } = open()
      const { id } = await begin()
      const end = NOW + SECOND + ANSWERED_INTERACTION_LIFETIME
      await interactions.finish(id, answers(id)[which], NOW + SECOND)
      await interactions.finish(id, answers(id)[which], NOW + MINUTE)
      expect(await interactions.find(id, end - 1)).toMatchObject({ expiresAt: end, outcome: expect.any(String) })
      expect(await interactions.find(id, end)).toBeUndefined()
      expect(await interactions.finish(id, 'denied', end)).toEqual({ status: 'unknown' })
    })

    it('stays for no longer than it would have waited', async () => {
      const { interactions } = open()
      const { id, expiresAt } = await begin()
      await interactions.finish(id, 'denied', expiresAt - MINUTE)
      expect(await interactions.find(id, expiresAt - 1)).toMatchObject({ expiresAt, outcome: 'denied' })
      expect(await interactions.find(id, expiresAt)).toBeUndefined()
    })

    it('stays for as long as its code lives, so that this is given again', async () => {
      const { interactions } = open()
      const { id } = await begin()
      const code = newCode({ id, codeExpiresAt: NOW + 10 * MINUTE })
      await interactions.finish(id, code, NOW)
      const again = await interactions.finish(id, code, NOW + 10 * MINUTE - 1)
      expect(again).toMatchObject({ status: 'finished', first: false })
      expect(await interactions.find(id, NOW + 10 * MINUTE)).toBeUndefined()
    })

    it('cannot be opened once more after that where it was pushed', async () => {
      const { interactions, pushedRequests } = open()
      const { id, request, browserHash } = newInteraction()
      await pushedRequests.create({ id, request, createdAt: NOW, expiresAt: NOW + 20 * MINUTE })
      const opening = { id, clientId: 'app', browserHash, now: NOW, opensUntil: NOW + 30 * MINUTE }
      await pushedRequests.open(opening)
      await interactions.finish(id, newCode({ id }), NOW)
      const later = { ...opening, now: NOW + ANSWERED_INTERACTION_LIFETIME }
      expect(await pushedRequests.open({ ...later, now: later.now - 1 })).toMatchObject({
        status: 'opened',
        first: false,
      })
      expect(await pushedRequests.open(later)).toEqual({ status: 'unknown' })
    })
  })

  describe('finishing one interaction many times at once', () => {
    const firsts = (results: FinishResult[]) => results.filter((result) => result.status === 'finished' && result.first)

    it('has one first answer and one code', async () => {
      const { interactions, authorizations } = open()
      const { id } = await begin()
      const code = newCode({ id })
      const results = await inParallel(50, () => interactions.finish(id, code, NOW))
      expect(firsts(results)).toHaveLength(1)
      for (const result of results) expect(result).toMatchObject({ status: 'finished', outcome: 'issued' })
      expect(await authorizations.redeem(redemptionOf(code))).toMatchObject({ status: 'redeemed' })
    })

    it('has one outcome where a yes and a no come together', async () => {
      const { interactions, authorizations } = open()
      const { id } = await begin()
      const code = newCode({ id })
      const results = await inParallel(50, (index) => interactions.finish(id, index % 2 ? code : 'denied', NOW))
      expect(firsts(results)).toHaveLength(1)
      const outcome = (await interactions.find(id, NOW))?.outcome
      for (const result of results) expect(result).toMatchObject({ status: 'finished', outcome })
      const { status } = await authorizations.redeem(redemptionOf(code))
      expect(status).toBe(outcome === 'issued' ? 'redeemed' : 'unknown')
    })
  })
}
