import type { Store } from '../../src/store/store.ts'
import { accessTokenContract } from './contract/access-tokens.ts'
import { attemptContract } from './contract/attempts.ts'
import { consentContract } from './contract/consents.ts'
import { dpopContract } from './contract/dpop.ts'
import { interactionContract } from './contract/interactions.ts'
import { onceContract } from './contract/once.ts'
import { pushedRequestContract } from './contract/pushed-requests.ts'
import { rateLimitContract } from './contract/rate-limits.ts'
import { redeemContract } from './contract/redeem.ts'
import { refusalContract } from './contract/refusals.ts'
import { rotateContract } from './contract/rotate.ts'
import { sessionEndContract } from './contract/session-ends.ts'
import { sessionContract } from './contract/sessions.ts'
import { userAuthorizationContract } from './contract/user-authorizations.ts'

/**
 * What every store must do, whatever it is made of. Each promise of the ports in src/store/store.ts has its test here, so
 * a new store is done once this suite passes on it.
 *
 * @param open a store that may hold records of others, but none of these tests
 */
export function storeContract(name: string, open: () => Promise<Store>): void {
  describe(`the contract of the stores (${name})`, () => {
    let store: Store
    beforeAll(async () => {
      store = await open()
    })
    afterAll(() => store.close())

    it('is fit to be used', async () => expect((await store.check(Date.now())).problems).toEqual([]))

    redeemContract(() => store)
    rotateContract(() => store)
    dpopContract(() => store)
    interactionContract(() => store)
    pushedRequestContract(() => store)
    sessionContract(() => store)
    sessionEndContract(() => store)
    userAuthorizationContract(() => store)
    consentContract(() => store)
    accessTokenContract(() => store)
    attemptContract(() => store)
    onceContract(() => store.once)
    rateLimitContract(() => store.rateLimits)
    refusalContract(() => store.refusals)
  })
}
