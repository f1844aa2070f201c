import { pkcePair } from '../../helpers/pkce.ts'
import {
  activeAuthorization,
  asAuthorization,
  DAY,
  HOUR,
  inParallel,
  MINUTE,
  NOW,
  newId,
  type OpenStore,
  redemptionOf,
  rotationOf,
  SECOND,
  storedCode,
} from './records.ts'

export function redeemContract(open: OpenStore): void {
  describe('redeeming a code', () => {
    it('gives the whole authorization in its first generation', async () => {
      const { authorizations } = open()
      const code = await storedCode(open())
      const authorization = asAuthorization(code, 1)
      expect(await authorizations.redeem(redemptionOf(code))).toEqual({ status: 'redeemed', authorization })
      expect(await authorizations.find(code.id, NOW + MINUTE)).toEqual(authorization)
    })

    it('keeps an authorization without scopes and with any characters in its values', async () => {
      const code = await storedCode(open(), { scope: [], subject: 'ü "1" \\ {x} \n %', clientId: '{app}:*' })
      const result = await open().authorizations.redeem(redemptionOf(code))
      expect(result).toEqual({ status: 'redeemed', authorization: asAuthorization(code, 1) })
    })

    it('needs no redirect URI, since the stored one was checked when the code was made', async () => {
      const code = await storedCode(open())
      const result = await open().authorizations.redeem(redemptionOf(code, { redirectUri: undefined }))
      expect(result.status).toBe('redeemed')
    })

    it('knows nothing of a code that was never stored', async () => {
      const { authorizations } = open()
      const code = await storedCode(open())
      expect(await authorizations.redeem(redemptionOf(code, { id: newId() }))).toEqual({ status: 'unknown' })
    })

    it('takes a code until its last moment and no longer, however long the store would still keep it', async () => {
      const { authorizations } = open()
      const [inTime, late] = [await storedCode(open()), await storedCode(open())]
      const last = redemptionOf(inTime, { now: inTime.codeExpiresAt - 1 })
      expect(await authorizations.redeem(last)).toMatchObject({ status: 'redeemed' })
      const over = redemptionOf(late, { now: late.codeExpiresAt })
      expect(await authorizations.redeem(over)).toEqual({ status: 'unknown' })
    })

    it('ends with its lifetime: then neither the authorization nor its use is known any more', async () => {
      const { authorizations } = open()
      const code = await storedCode(open())
      const activeUntil = NOW + DAY
      await authorizations.redeem(redemptionOf(code, { activeUntil }))
      expect(await authorizations.find(code.id, activeUntil - 1)).toEqual(asAuthorization(code, 1))
      expect(await authorizations.find(code.id, activeUntil)).toBeUndefined()
      expect(await authorizations.redeem(redemptionOf(code, { now: activeUntil }))).toEqual({ status: 'unknown' })
    })

    it('leaves the code as it was for another client, whatever else that client sends', async () => {
      const { authorizations } = open()
      const code = await storedCode(open())
      const stranger = {
        clientId: 'backend',
        codeChallenge: pkcePair().challenge,
        redirectUri: 'https://other.example/',
      }
      expect(await authorizations.redeem(redemptionOf(code, stranger))).toEqual({ status: 'wrong-client' })
      expect(await authorizations.redeem(redemptionOf(code))).toMatchObject({ status: 'redeemed' })
    })

    it.each([
      ['another path', 'https://app.example/callback2'],
      ['a slash more', 'https://app.example/callback/'],
      ['another case', 'https://APP.example/callback'],
      ['only its beginning', 'https://app.example/'],
    ])(
      'leaves the code as it was for a redirect URI with %s, even with a wrong verifier',
      async (_what, redirectUri) => {
        const { authorizations } = open()
        const code = await storedCode(open())
        const wrong = redemptionOf(code, { redirectUri, codeChallenge: pkcePair().challenge })
        expect(await authorizations.redeem(wrong)).toEqual({ status: 'wrong-redirect-uri' })
        expect(await authorizations.redeem(redemptionOf(code))).toMatchObject({ status: 'redeemed' })
      },
    )

    it('burns the code on a wrong verifier and tells the challenge it should have met', async () => {
      const { authorizations } = open()
      const code = await storedCode(open())
      const wrong = redemptionOf(code, { codeChallenge: pkcePair().challenge })
      expect(await authorizations.redeem(wrong)).toEqual({
        status: 'wrong-verifier',
        codeChallenge: code.codeChallenge,
      })
      expect(await authorizations.redeem(redemptionOf(code))).toEqual({ status: 'unknown' })
    })

    it('is not yet active as a code: it cannot be found, and a refresh token for it is refused', async () => {
      const { authorizations } = open()
      const code = await storedCode(open())
      expect(await authorizations.find(code.id, NOW)).toBeUndefined()
      for (const generation of [0, 1, 2]) {
        const early = rotationOf(code, generation, { now: NOW + SECOND })
        expect(await authorizations.rotate(early)).toEqual({ status: 'unknown' })
      }
      expect(await authorizations.redeem(redemptionOf(code))).toMatchObject({ status: 'redeemed' })
    })

    it('can be revoked as a code and when active, once and again', async () => {
      const { authorizations } = open()
      const [code, active] = [await storedCode(open()), await activeAuthorization(open())]
      for (const { id } of [code, active, active, { id: newId() }]) await authorizations.revoke(id)
      expect(await authorizations.redeem(redemptionOf(code))).toEqual({ status: 'unknown' })
      expect(await authorizations.find(active.id, NOW + MINUTE)).toBeUndefined()
      expect(await authorizations.rotate(rotationOf(active, 1))).toEqual({ status: 'unknown' })
    })
  })

  describe('redeeming a code again', () => {
    it('revokes everything that was issued from it (RFC 6749 §4.1.2)', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      expect(await authorizations.redeem(redemptionOf(code))).toEqual({ status: 'replayed', revoked: true })
      expect(await authorizations.find(code.id, NOW + MINUTE)).toBeUndefined()
      expect(await authorizations.rotate(rotationOf(code, 1))).toEqual({ status: 'unknown' })
      expect(await authorizations.redeem(redemptionOf(code))).toEqual({ status: 'unknown' })
    })

    it('revokes also after many refreshes and with a wrong verifier', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      for (let generation = 1; generation < 5; generation++) await authorizations.rotate(rotationOf(code, generation))
      const wrong = redemptionOf(code, { codeChallenge: pkcePair().challenge, now: NOW + HOUR })
      expect(await authorizations.redeem(wrong)).toEqual({ status: 'replayed', revoked: true })
      expect(await authorizations.rotate(rotationOf(code, 5))).toEqual({ status: 'unknown' })
    })

    it('revokes nothing for another client or another redirect URI, who could otherwise end what is not theirs', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      const stranger = redemptionOf(code, { clientId: 'backend' })
      expect(await authorizations.redeem(stranger)).toEqual({ status: 'wrong-client' })
      const elsewhere = redemptionOf(code, { redirectUri: 'https://other.example/' })
      expect(await authorizations.redeem(elsewhere)).toEqual({ status: 'wrong-redirect-uri' })
      expect(await authorizations.find(code.id, NOW + MINUTE)).toEqual(asAuthorization(code, 1))
    })

    it('is refused without revocation within the leniency, and revokes from its last moment on', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      const again = (now: number) => authorizations.redeem(redemptionOf(code, { now, replayLeniency: 5 * SECOND }))
      expect(await again(NOW + SECOND)).toEqual({ status: 'replayed', revoked: false })
      expect(await again(NOW + 6 * SECOND - 1)).toEqual({ status: 'replayed', revoked: false })
      expect(await authorizations.find(code.id, NOW + MINUTE)).toEqual(asAuthorization(code, 1))
      expect(await again(NOW + 6 * SECOND)).toEqual({ status: 'replayed', revoked: true })
      expect(await authorizations.find(code.id, NOW + MINUTE)).toBeUndefined()
    })

    it('revokes also where the clock of this server is behind that of the one that redeemed it', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      const behind = redemptionOf(code, { now: NOW + SECOND - 1 })
      expect(await authorizations.redeem(behind)).toEqual({ status: 'replayed', revoked: true })
    })

    it('has no leniency with whoever lacks the verifier', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      const wrong = { codeChallenge: pkcePair().challenge, replayLeniency: 5 * SECOND }
      expect(await authorizations.redeem(redemptionOf(code, wrong))).toEqual({ status: 'replayed', revoked: true })
    })

    it('counts the leniency from the redemption and not from the last refresh', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      await authorizations.rotate(rotationOf(code, 1, { now: NOW + HOUR }))
      const later = redemptionOf(code, { now: NOW + HOUR + SECOND, replayLeniency: 5 * SECOND })
      expect(await authorizations.redeem(later)).toEqual({ status: 'replayed', revoked: true })
    })
  })

  describe('redeeming one code many times at once', () => {
    it('succeeds exactly once, and the others end what it gave', async () => {
      const { authorizations } = open()
      const code = await storedCode(open())
      const results = await inParallel(100, () => authorizations.redeem(redemptionOf(code)))
      const statuses = results.map(({ status }) => status)
      expect(statuses.filter((status) => status === 'redeemed')).toHaveLength(1)
      expect(statuses.filter((status) => status === 'replayed')).toHaveLength(1)
      expect(statuses.filter((status) => status === 'unknown')).toHaveLength(98)
      expect(await authorizations.find(code.id, NOW + MINUTE)).toBeUndefined()
    })

    it('succeeds exactly once with leniency too, and what it gave stays', async () => {
      const { authorizations } = open()
      const code = await storedCode(open())
      const wanted = redemptionOf(code, { replayLeniency: SECOND })
      const results = await inParallel(100, () => authorizations.redeem(wanted))
      expect(results.filter(({ status }) => status === 'redeemed')).toHaveLength(1)
      expect(results.filter((result) => result.status === 'replayed' && !result.revoked)).toHaveLength(99)
      expect(await authorizations.find(code.id, NOW + MINUTE)).toEqual(asAuthorization(code, 1))
    })

    it('never succeeds twice where guesses without the verifier run against the rightful client', async () => {
      const { authorizations } = open()
      const code = await storedCode(open())
      const guess = redemptionOf(code, { codeChallenge: pkcePair().challenge })
      const results = await inParallel(100, (index) => authorizations.redeem(index % 2 ? guess : redemptionOf(code)))
      const guesses = results.filter((_, index) => index % 2)
      expect(guesses.filter(({ status }) => status === 'redeemed')).toHaveLength(0)
      expect(results.filter(({ status }) => status === 'redeemed').length).toBeLessThanOrEqual(1)
      expect(await authorizations.find(code.id, NOW + MINUTE)).toBeUndefined()
    })
  })
}
