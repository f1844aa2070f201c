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
} from './records.ts'

export function rotateContract(open: OpenStore): void {
  describe('rotating a refresh token', () => {
    it('gives the whole authorization in its next generation, again and again', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      // Past 9 the generations have two digits: they are compared as numbers and not as text.
      for (let generation = 1; generation <= 12; generation++) {
        const authorization = asAuthorization(code, generation + 1)
        expect(await authorizations.rotate(rotationOf(code, generation))).toEqual({ status: 'rotated', authorization })
        expect(await authorizations.find(code.id, NOW + MINUTE)).toEqual(authorization)
      }
    })

    it('knows nothing of an authorization that never was', async () => {
      const code = await activeAuthorization(open())
      const result = await open().authorizations.rotate(rotationOf({ ...code, id: newId() }, 1))
      expect(result).toEqual({ status: 'unknown' })
    })

    it('refuses another client and leaves everything as it was', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      await authorizations.rotate(rotationOf(code, 1))
      for (const generation of [1, 2, 3]) {
        const stranger = rotationOf(code, generation, { clientId: 'backend', scope: ['admin'], now: NOW + HOUR })
        expect(await authorizations.rotate(stranger)).toEqual({ status: 'wrong-client' })
      }
      expect(await authorizations.find(code.id, NOW + HOUR)).toEqual(asAuthorization(code, 2))
    })

    it('takes any of the granted scopes', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open(), { scope: ['read', 'write', 'a:b', 'x.y'] })
      const wanted = [['write'], ['x.y', 'a:b'], ['read', 'write', 'a:b', 'x.y'], []]
      for (const [index, scope] of wanted.entries()) {
        expect(await authorizations.rotate(rotationOf(code, index + 1, { scope }))).toMatchObject({ status: 'rotated' })
      }
    })

    it.each([
      ['one that was not granted', ['admin']],
      ['one beside a granted one', ['read', 'admin']],
      ['the beginning of a granted one', ['rea']],
      ['the end of a granted one', ['ead']],
      ['another case', ['READ']],
      ['a pattern', ['.*', '%w+']],
    ])('does not rotate for a scope more than granted: %s', async (_what, scope) => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      const refused = { status: 'wrong-scope', scope: code.scope }
      expect(await authorizations.rotate(rotationOf(code, 1, { scope }))).toEqual(refused)
      expect(await authorizations.find(code.id, NOW + MINUTE)).toEqual(asAuthorization(code, 1))
      expect(await authorizations.rotate(rotationOf(code, 1))).toMatchObject({ status: 'rotated' })
    })

    it('takes a generation above the stored one, which a store that lost its last writes has forgotten', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      const authorization = asAuthorization(code, 5)
      expect(await authorizations.rotate(rotationOf(code, 4))).toEqual({ status: 'rotated', authorization })
      expect(await authorizations.rotate(rotationOf(code, 3))).toEqual({ status: 'reused' })
    })
  })

  describe('using a refresh token again', () => {
    it('gives the direct parent the same successor until the last moment of the grace', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      await authorizations.rotate(rotationOf(code, 1, { now: NOW + MINUTE }))
      const authorization = asAuthorization(code, 2)
      for (const now of [NOW + MINUTE, NOW + MINUTE + SECOND, NOW + MINUTE + 30 * SECOND - 1]) {
        const again = await authorizations.rotate(rotationOf(code, 1, { now }))
        expect(again).toEqual({ status: 'converged', authorization })
      }
    })

    it('does not begin the grace anew by using it', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      const again = (after: number) => authorizations.rotate(rotationOf(code, 1, { now: NOW + MINUTE + after }))
      expect(await again(0)).toMatchObject({ status: 'rotated' })
      expect(await again(20 * SECOND)).toMatchObject({ status: 'converged' })
      expect(await again(40 * SECOND)).toEqual({ status: 'reused' })
    })

    it('ends the authorization where the parent comes after the grace (RFC 9700 §4.14.2)', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      await authorizations.rotate(rotationOf(code, 1, { now: NOW + MINUTE }))
      const late = rotationOf(code, 1, { now: NOW + MINUTE + 30 * SECOND })
      expect(await authorizations.rotate(late)).toEqual({ status: 'reused' })
      expect(await authorizations.find(code.id, NOW + HOUR)).toBeUndefined()
      expect(await authorizations.rotate(rotationOf(code, 2))).toEqual({ status: 'unknown' })
    })

    it('ends the authorization at once where there is no grace', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      await authorizations.rotate(rotationOf(code, 1, { grace: 0 }))
      expect(await authorizations.rotate(rotationOf(code, 1, { grace: 0 }))).toEqual({ status: 'reused' })
    })

    it('ends it also where there is no grace and the clock of this server is behind that of the last', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      await authorizations.rotate(rotationOf(code, 1, { grace: 0 }))
      const behind = rotationOf(code, 1, { grace: 0, now: NOW + MINUTE - 1 })
      expect(await authorizations.rotate(behind)).toEqual({ status: 'reused' })
    })

    it('ends the authorization for a grandparent, grace or not', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      for (const generation of [1, 2]) await authorizations.rotate(rotationOf(code, generation))
      expect(await authorizations.rotate(rotationOf(code, 1))).toEqual({ status: 'reused' })
      expect(await authorizations.rotate(rotationOf(code, 3))).toEqual({ status: 'unknown' })
    })

    it('looks at the scope first: a request that is refused for it ends nothing', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      for (const generation of [1, 2]) await authorizations.rotate(rotationOf(code, generation))
      const greedy = rotationOf(code, 1, { scope: ['admin'] })
      expect(await authorizations.rotate(greedy)).toMatchObject({ status: 'wrong-scope' })
      expect(await authorizations.find(code.id, NOW + HOUR)).toEqual(asAuthorization(code, 3))
    })
  })

  describe('the lifetime of a chain of refresh tokens', () => {
    it('begins its idle time anew with every rotation', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      const limits = { idleTtl: 10 * DAY, maxTtl: 365 * DAY }
      for (const generation of [1, 2, 3]) {
        const wanted = rotationOf(code, generation, { ...limits, now: NOW + generation * 9 * DAY })
        expect(await authorizations.rotate(wanted)).toMatchObject({ status: 'rotated' })
      }
      expect(await authorizations.find(code.id, NOW + 37 * DAY - 1)).toEqual(asAuthorization(code, 4))
      expect(await authorizations.find(code.id, NOW + 37 * DAY)).toBeUndefined()
      const idle = rotationOf(code, 4, { ...limits, now: NOW + 37 * DAY })
      expect(await authorizations.rotate(idle)).toEqual({ status: 'unknown' })
    })

    it('does not begin its idle time anew by converging', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      const wanted = (now: number) => rotationOf(code, 1, { now, idleTtl: HOUR })
      await authorizations.rotate(wanted(NOW + MINUTE))
      expect(await authorizations.rotate(wanted(NOW + MINUTE + SECOND))).toMatchObject({ status: 'converged' })
      expect(await authorizations.find(code.id, NOW + MINUTE + HOUR)).toBeUndefined()
    })

    it('ends at its longest life, counted from the creation, however often it was rotated', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      const limits = { idleTtl: 10 * DAY, maxTtl: 25 * DAY }
      for (const generation of [1, 2, 3]) {
        const wanted = rotationOf(code, generation, { ...limits, now: NOW + generation * 8 * DAY })
        expect(await authorizations.rotate(wanted)).toMatchObject({ status: 'rotated' })
      }
      expect(await authorizations.find(code.id, NOW + 25 * DAY - 1)).toEqual(asAuthorization(code, 4))
      const over = rotationOf(code, 4, { ...limits, now: NOW + 25 * DAY })
      expect(await authorizations.rotate(over)).toEqual({ status: 'unknown' })
    })
  })

  describe('rotating one refresh token many times at once', () => {
    it('rotates exactly once, and everybody gets the same successor', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      const results = await inParallel(100, () => authorizations.rotate(rotationOf(code, 1)))
      expect(results.filter(({ status }) => status === 'rotated')).toHaveLength(1)
      expect(results.filter(({ status }) => status === 'converged')).toHaveLength(99)
      const authorization = asAuthorization(code, 2)
      for (const result of results) expect(result).toMatchObject({ authorization })
      expect(await authorizations.find(code.id, NOW + MINUTE)).toEqual(authorization)
    })

    it('leaves nothing alive where one of many is a grandparent', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      for (const generation of [1, 2]) await authorizations.rotate(rotationOf(code, generation))
      const results = await inParallel(50, (index) => authorizations.rotate(rotationOf(code, index === 25 ? 1 : 3)))
      expect(results.filter(({ status }) => status === 'reused')).toHaveLength(1)
      expect(await authorizations.find(code.id, NOW + MINUTE)).toBeUndefined()
    })

    it('leaves nothing alive where a replay of the code runs against it', async () => {
      const { authorizations } = open()
      const code = await activeAuthorization(open())
      await Promise.all([
        inParallel(25, () => authorizations.rotate(rotationOf(code, 1))),
        authorizations.redeem(redemptionOf(code, { now: NOW + MINUTE })),
        inParallel(25, () => authorizations.rotate(rotationOf(code, 1))),
      ])
      expect(await authorizations.find(code.id, NOW + MINUTE)).toBeUndefined()
    })
  })
}
