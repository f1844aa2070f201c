import type { User } from '../identity/identity-source.ts'
import type { Subjects } from '../identity/subjects.ts'
import { type Client, mayRequest, mayUse } from '../oauth/client.ts'
import { type HandleMacs, writeRefreshToken } from '../oauth/handles.ts'
import { type Resource, scopeAt } from '../oauth/resource.ts'
import { OPENID } from '../oauth/scope.ts'
import type { Authorization } from '../store/store.ts'
import type { Audit } from '../telemetry/events.ts'
import type { AccessTokens } from './access-token.ts'
import type { IdTokens } from './id-token.ts'
import { type TokenResponse, writeTokenResponse } from './token-response.ts'

/** What tokens are made from, once a grant type has decided. */
export interface TokenGrant {
  client: Client
  /** Whose account it is, and what they allowed; undefined where the client acts for nobody (RFC 6749 §4.4). */
  onBehalfOf: { user: User; authorization: Authorization } | undefined
  /** The scopes granted. */
  scope: readonly string[]
  resource: Resource
  /** For the ID token. */
  nonce: string | undefined
  /** The thumbprint of the key that the tokens are bound to. */
  dpopJkt: string | undefined
}

/** Makes all tokens of one answer. */
export type TokenIssuer = (grant: TokenGrant) => Promise<TokenResponse>

export function createTokenIssuer(deps: {
  accessTokens: AccessTokens
  idTokens: IdTokens
  subjects: Subjects
  handles: HandleMacs
  audit: Audit
}): TokenIssuer {
  const { accessTokens, idTokens, subjects, handles, audit } = deps

  return async ({ client, onBehalfOf, resource, nonce, dpopJkt, ...granted }) => {
    // What the client's registration has lost since the user said yes is lost to its tokens too.
    const permitted = granted.scope.filter((name) => mayRequest(client, name))
    const scope = scopeAt(resource, permitted)
    const { authorization, user } = onBehalfOf ?? {}
    const subject = user === undefined ? client.client_id : subjects.subjectFor(client, user.subject)
    const accessToken = await accessTokens.issue({ client, subject, authorization, scope, resource, dpopJkt })
    audit({
      event: 'access_token.issued',
      client_id: client.client_id,
      subject: user?.subject ?? client.client_id,
      jti: accessToken.jti,
      resource: resource.uri,
      scope,
    })
    if (onBehalfOf === undefined) {
      return writeTokenResponse({ accessToken, refreshToken: undefined, idToken: undefined, scope })
    }

    const { id, generation } = onBehalfOf.authorization
    const refreshToken = mayUse(client, 'refresh_token') ? writeRefreshToken(id, generation, handles) : undefined
    const about = { client, subject, nonce, accessToken: accessToken.token, userClaims: onBehalfOf.user.claims }
    const idToken = scope.includes(OPENID)
      ? await idTokens.issue({ ...about, authorization: onBehalfOf.authorization })
      : undefined
    return writeTokenResponse({ accessToken, refreshToken, idToken, scope })
  }
}
