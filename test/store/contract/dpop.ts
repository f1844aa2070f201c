import { pkcePair } from '../../helpers/pkce.ts'
import {
  activeAuthorization,
  HOUR,
  inParallel,
  MINUTE,
  NOW,
  type OpenStore,
  redemptionOf,
  rotationOf,
  SECOND,
  storedCode,
} from './records.ts'

const KEY = pkcePair().challenge
const OTHER = pkcePair().challenge
const MINE = { dpopJkt: KEY }
const THEIRS = { dpopJkt: OTHER }
const WRONG = { status: 'wrong-dpop-key' }

/** Codes and refresh tokens that are bound to a key (RFC 9449 §5 and §10). */
export function dpopContract(open: OpenStore): void {
  describe('redeeming a code that is bound to a key', () => {
    it.each([
      ['another key', THEIRS],
      ['no key', {}],
    ])('leaves the code as it was for %s, even with a wrong verifier', async (_what, key) => {
      const { authorizations } = open()
      const code = await storedCode(open(), MINE)
      expect(await authorizations.redeem(redemptionOf(code, key))).toEqual(WRONG)
      const guess = { ...key, codeChallenge: pkcePair().challenge }
      expect(await authorizations.redeem(redemptionOf(code, guess))).toEqual(WRONG)
      expect(await authorizations.redeem(redemptionOf(code, MINE))).toMatchObject({ status: 'redeemed' })
    })

    it('looks at the client first', async () => {
      const code = await storedCode(open(), MINE)
      const stranger = redemptionOf(code, { clientId: 'backend', ...THEIRS })
      expect(await open().authorizations.redeem(stranger)).toEqual({ status: 'wrong-client' })
    })

    it('ends what it gave when the code comes again, by whichever key', async () => {
      for (const key of [MINE, THEIRS, {}]) {
        const code = await storedCode(open(), MINE)
        await open().authorizations.redeem(redemptionOf(code, MINE))
        const again = await open().authorizations.redeem(redemptionOf(code, key))
        expect(again).toEqual({ status: 'replayed', revoked: true })
      }
    })

    it('never gives it to a thief without the key, however many try beside its owner', async () => {
      const { authorizations } = open()
      const code = await storedCode(open(), MINE)
      const results = await inParallel(50, (index) =>
        authorizations.redeem(redemptionOf(code, index === 25 ? MINE : THEIRS)),
      )
      expect(results.filter(({ status }) => status === 'redeemed')).toEqual([results[25]])
    })
  })

  describe('refresh tokens that are bound to a key', () => {
    const bound = async () => {
      const code = await storedCode(open())
      expect(await open().authorizations.redeem(redemptionOf(code, MINE))).toMatchObject({
        status: 'redeemed',
        authorization: MINE,
      })
      return code
    }

    it('go on with that key', async () => {
      const code = await bound()
      for (const generation of [1, 2, 3]) {
        const result = await open().authorizations.rotate(rotationOf(code, generation, MINE))
        expect(result).toMatchObject({ status: 'rotated', authorization: MINE })
      }
      const again = await open().authorizations.rotate(rotationOf(code, 3, MINE))
      expect(again).toMatchObject({ status: 'converged', authorization: { generation: 4, ...MINE } })
    })

    it('change nothing for another key or none, be they new or long used', async () => {
      const { authorizations } = open()
      const code = await bound()
      for (const generation of [1, 2]) await authorizations.rotate(rotationOf(code, generation, MINE))
      for (const key of [THEIRS, {}]) {
        for (const generation of [1, 2, 3]) {
          const late = rotationOf(code, generation, { now: NOW + HOUR, ...key })
          expect(await authorizations.rotate(late)).toEqual(WRONG)
        }
      }
      expect(await authorizations.rotate(rotationOf(code, 3, MINE))).toMatchObject({ status: 'rotated' })
    })

    it('end with the authorization where an old one comes by the right key', async () => {
      const { authorizations } = open()
      const code = await bound()
      for (const generation of [1, 2]) await authorizations.rotate(rotationOf(code, generation, MINE))
      expect(await authorizations.rotate(rotationOf(code, 1, MINE))).toEqual({ status: 'reused' })
      expect(await authorizations.find(code.id, NOW + MINUTE)).toBeUndefined()
    })

    it('are those of clients that ask for it only: the others are bound to their client, and change keys freely', async () => {
      const { authorizations } = open()
      const code = await storedCode(open(), MINE)
      const free = { bindsRefreshTokens: false }
      const redeemed = await authorizations.redeem(redemptionOf(code, { ...free, ...MINE }))
      expect(redeemed).toMatchObject({ status: 'redeemed' })
      expect(redeemed).not.toHaveProperty('authorization.dpopJkt')
      for (const [index, key] of [THEIRS, {}, MINE].entries()) {
        const result = await authorizations.rotate(rotationOf(code, index + 1, { ...free, ...key }))
        expect(result).toMatchObject({ status: 'rotated' })
        expect(result).not.toHaveProperty('authorization.dpopJkt')
      }
    })

    it('become so with the first proof (RFC 9449 §5)', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      await authorizations.rotate(rotationOf(code, 1))
      const first = await authorizations.rotate(rotationOf(code, 2, MINE))
      expect(first).toMatchObject({ status: 'rotated', authorization: { generation: 3, ...MINE } })
      expect(first).not.toHaveProperty('authorization.dpopFrom')
      for (const key of [THEIRS, {}]) expect(await authorizations.rotate(rotationOf(code, 3, key))).toEqual(WRONG)
      expect(await authorizations.rotate(rotationOf(code, 2, MINE))).toMatchObject({ status: 'converged' })
      expect(await authorizations.rotate(rotationOf(code, 3, MINE))).toMatchObject({ status: 'rotated' })
    })

    it.each([
      ['another key', THEIRS],
      ['no key', {}],
    ])(
      'end where one from before they were bound comes by %s: two hold it, and one of them took it',
      async (_what, key) => {
        const { authorizations } = open()
        const code = await activeAuthorization(open())
        await authorizations.rotate(rotationOf(code, 1, MINE))
        const within = rotationOf(code, 1, { now: NOW + MINUTE + SECOND, ...key })
        expect(await authorizations.rotate(within)).toEqual({ status: 'reused' })
        expect(await authorizations.find(code.id, NOW + MINUTE)).toBeUndefined()
      },
    )

    it('are bound to one key where two race for them', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      const results = await inParallel(20, (index) =>
        authorizations.rotate(rotationOf(code, 1, index % 2 ? MINE : THEIRS)),
      )
      expect(results.filter(({ status }) => status === 'rotated')).toHaveLength(1)
      expect(results.filter(({ status }) => status === 'reused')).toHaveLength(1)
      expect(await authorizations.find(code.id, NOW + MINUTE)).toBeUndefined()
    })
  })
}
