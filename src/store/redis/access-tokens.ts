import type { AccessTokenStore } from '../store.ts'
import type { Keys } from './keys.ts'
import type { Link } from './link.ts'
import { readAuthorization, readFields } from './records.ts'
import { register } from './script.ts'
import { stands } from './scripts/stands.ts'

export function createAccessTokens(link: Link, keys: Keys): AccessTokenStore {
  const run = register(link, stands)

  return {
    async stands(token, now) {
      const { authorizationId } = token
      const answer =
        authorizationId === undefined
          ? await run([keys.revoked(token), keys.authorization(token.tokenId)], [now, 'alone'])
          : await run([keys.revoked(token), keys.authorization(authorizationId)], [now, 'authorized'])
      if (answer[0] !== 'stands') return { status: 'fallen' }
      const authorization =
        authorizationId === undefined ? undefined : readAuthorization(authorizationId, readFields(answer, 1))
      return { status: 'stands', authorization }
    },

    async revoke(token, expiresAt, now) {
      await link.ask(() => link.connection.set(keys.revoked(token), '1', 'PX', Math.max(1, expiresAt - now)))
    },
  }
}
