import {
  activeAuthorization,
  asAuthorization,
  inParallel,
  MINUTE,
  NOW,
  newId,
  type OpenStore,
  SECOND,
  storedCode,
} from './records.ts'

/** What a store must do with access tokens. */
export function accessTokenContract(open: OpenStore): void {
  const END = NOW + 60 * MINUTE
  const STANDS = { status: 'stands' }

  describe('an access token of an authorization', () => {
    it('stands while the authorization is active, and falls with it', async () => {
      const store = open()
      const { id: authorizationId } = await activeAuthorization(store)
      const token = { authorizationId, tokenId: newId() }
      expect(await store.accessTokens.stands(token, NOW + MINUTE)).toMatchObject(STANDS)
      await store.authorizations.revoke(authorizationId)
      expect(await store.accessTokens.stands(token, NOW + MINUTE)).toEqual({ status: 'fallen' })
    })

    it('comes with its authorization', async () => {
      const store = open()
      const code = await activeAuthorization(store, { nonce: 'n', claims: { idToken: ['email'], userinfo: [] } })
      const token = { authorizationId: code.id, tokenId: newId() }
      const standing = await store.accessTokens.stands(token, NOW + MINUTE)
      expect(standing).toEqual({ status: 'stands', authorization: asAuthorization(code, 1) })
    })

    it('does not stand on a code, nor on what never was', async () => {
      const store = open()
      const { id: authorizationId } = await storedCode(store)
      expect(await store.accessTokens.stands({ authorizationId, tokenId: newId() }, NOW)).toEqual({ status: 'fallen' })
      expect(await store.accessTokens.stands({ authorizationId: newId(), tokenId: newId() }, NOW)).toEqual({
        status: 'fallen',
      })
    })

    it('falls alone when it is revoked by itself', async () => {
      const store = open()
      const { id: authorizationId } = await activeAuthorization(store)
      const [one, two] = [newId(), newId()].map((tokenId) => ({ authorizationId, tokenId }))
      if (one === undefined || two === undefined) throw new Error('two tokens were made')
      await store.accessTokens.revoke(one, END, NOW + SECOND)
      expect(await store.accessTokens.stands(one, NOW + MINUTE)).toEqual({ status: 'fallen' })
      expect(await store.accessTokens.stands(one, END - 1)).toEqual({ status: 'fallen' })
      expect(await store.accessTokens.stands(two, NOW + MINUTE)).toMatchObject(STANDS)
    })
  })

  describe('an access token that came from no authorization', () => {
    it('stands until it is revoked, however often at once', async () => {
      const store = open()
      const token = { authorizationId: undefined, tokenId: newId() }
      expect(await store.accessTokens.stands(token, NOW)).toMatchObject(STANDS)
      await inParallel(20, () => store.accessTokens.revoke(token, END, NOW))
      expect(await store.accessTokens.stands(token, NOW)).toEqual({ status: 'fallen' })
    })
  })
}
