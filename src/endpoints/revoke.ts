import type { Request, Response } from 'express'
import type { ClientAuthServices } from '../client-auth/client-auth-method.ts'
import { clientAuthMethods } from '../client-auth/registry.ts'
import { readClientForm } from '../http/client-request.ts'
import type { Endpoint } from '../http/endpoint.ts'
import type { RateLimiter } from '../http/rate-limits.ts'
import { sendJson } from '../http/send-json.ts'
import type { Clock } from '../lib/clock.ts'
import type { Client } from '../oauth/client.ts'
import { type HandleMacs, readRefreshToken } from '../oauth/handles.ts'
import { requireParam } from '../oauth/params.ts'
import type { AccessTokenStore, AuthorizationStore } from '../store/store.ts'
import type { Audit } from '../telemetry/events.ts'
import { readTokenName } from '../tokens/claims.ts'
import type { AccessTokenReader } from '../tokens/read-access-token.ts'

/** What revocation works with. */
interface RevokeDeps {
  clientAuth: ClientAuthServices
  rateLimits: RateLimiter
  store: { authorizations: AuthorizationStore; accessTokens: AccessTokenStore }
  accessTokenReader: AccessTokenReader
  handles: HandleMacs
  clock: Clock
  audit: Audit
}

/**
 * Token revocation (RFC 7009). A refresh token ends its whole authorization, an access token only itself. A token that is
 * unknown, over, or another client's is answered with 200 like any other, and nothing happens (§2.2).
 */
export function revoke(deps: RevokeDeps): Endpoint {
  const { store, accessTokenReader, handles, clock, audit } = deps

  const post = async (req: Request, res: Response) => {
    const { params, client } = await readClientForm(req, res, deps.clientAuth)
    await deps.rateLimits.byClient('token-by-client', client, req, res)
    const token = requireParam(params, 'token')
    // The form of a token tells its kind for sure, so token_type_hint has nothing to add.
    const refreshToken = readRefreshToken(token, handles)
    if (refreshToken === undefined) await revokeAccessToken(token, client)
    else await revokeAuthorization(refreshToken.id, client)
    // An object, not nothing: five of the client libraries in use parse the body.
    sendJson(res.set('Cache-Control', 'no-store'), {})
  }

  const revokeAuthorization = async (id: string, client: Client) => {
    const authorization = await store.authorizations.find(id, clock.now())
    if (authorization?.clientId !== client.client_id) return
    await store.authorizations.revoke(id)
    const { client_id } = client
    audit({ event: 'authorization.ended', cause: 'revoked-by-client', client_id, authorization_id: id })
  }

  const revokeAccessToken = async (token: string, client: Client) => {
    const claims = await accessTokenReader.verify(token)
    if (claims?.client_id !== client.client_id) return
    await store.accessTokens.revoke(readTokenName(claims.jti), claims.exp * 1000, clock.now())
    audit({ event: 'access_token.revoked', client_id: client.client_id, jti: claims.jti })
  }

  return {
    path: '/oauth/revoke',
    metadata: 'revocation_endpoint',
    authMethods: clientAuthMethods,
    errors: 'json',
    cors: 'clients',
    limit: 'token-by-address',
    methods: { POST: post },
  }
}
