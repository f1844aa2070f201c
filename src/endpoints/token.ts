import type { Request, Response } from 'express'
import { hasAssertion } from '../client-auth/assertion.ts'
import { authenticateClient } from '../client-auth/authenticate-client.ts'
import type { ClientAuthServices } from '../client-auth/client-auth-method.ts'
import { clientAuthMethods } from '../client-auth/registry.ts'
import type { GrantServices, GrantType } from '../grant-types/grant-type.ts'
import { grantTypes } from '../grant-types/registry.ts'
import { credentialsOf } from '../http/client-request.ts'
import type { Endpoint } from '../http/endpoint.ts'
import { readForm } from '../http/form.ts'
import { noteClient } from '../http/request-facts.ts'
import type { IdentitySource } from '../identity/identity-source.ts'
import { type Client, mayRequest, mayUse } from '../oauth/client.ts'
import { OAuthError } from '../oauth/errors.ts'
import { writeRefreshToken } from '../oauth/handles.ts'
import { missing, type Params } from '../oauth/params.ts'
import { scopeAt } from '../oauth/resource.ts'
import type { Authorization } from '../store/store.ts'
import type { AccessTokens } from '../tokens/access-token.ts'
import { writeTokenResponse } from '../tokens/token-response.ts'

/** What the token endpoint works with. */
interface TokenDeps {
  clientAuth: ClientAuthServices
  identity: IdentitySource
  accessTokens: AccessTokens
  grants: GrantServices
}

/**
 * The token endpoint (RFC 6749 §3.2). It owns what every grant type needs: the client's proof and registration, the user's
 * standing, the tokens.
 */
export function token(deps: TokenDeps): Endpoint {
  const { clientAuth, identity, accessTokens, grants } = deps

  const post = async (req: Request, res: Response) => {
    const params = await readForm(req, res)
    const credentials = credentialsOf(req, params)
    const grantType = requireGrantType(params, credentials.authorization !== undefined || hasAssertion(params))
    const client = await authenticateClient(credentials, clientAuth)
    noteClient(res, client.client_id)
    if (!mayUse(client, grantType.name)) {
      throw new OAuthError('unauthorized_client', `this client may not use the grant type ${grantType.name}`, {
        cause: 'grant-type-not-registered',
        detail: { client_id: client.client_id },
      })
    }

    const granted = await grantType.authorize(params, client, grants)
    const { authorization, resource } = granted
    if (authorization !== undefined) await requireUser(authorization)
    // What the client's registration has lost since the user said yes is lost to its tokens too.
    const permitted = granted.scope.filter((name) => mayRequest(client, name))
    const scope = scopeAt(resource, permitted)
    const subject = authorization?.subject ?? client.client_id
    const accessToken = await accessTokens.issue({ client, subject, authorization, scope, resource })
    grants.audit({
      event: 'access_token.issued',
      client_id: client.client_id,
      subject,
      jti: accessToken.jti,
      resource: resource.uri,
      scope,
    })
    const refreshToken = refreshTokenOf(authorization, client)
    res.set('Cache-Control', 'no-store').json(writeTokenResponse(accessToken, refreshToken, scope))
  }

  const refreshTokenOf = (authorization: Authorization | undefined, client: Client) => {
    if (authorization === undefined || !mayUse(client, 'refresh_token')) return undefined
    return writeRefreshToken(authorization.id, authorization.generation, grants.handles)
  }

  /** A user whose account is gone gets nothing, and what was once allowed ends. */
  const requireUser = async ({ id, clientId, subject }: Authorization) => {
    if ((await identity.find(subject)) !== undefined) return
    await grants.authorizations.revoke(id)
    grants.audit({ event: 'authorization.ended', cause: 'user-gone', client_id: clientId, authorization_id: id })
    throw new OAuthError('invalid_grant', 'the user of this authorization no longer exists', { cause: 'user-gone' })
  }

  return {
    path: '/oauth/token',
    metadata: 'token_endpoint',
    authMethods: clientAuthMethods,
    errors: 'json',
    cors: 'clients',
    methods: { POST: post },
  }
}

/**
 * The grant type of a request that has all its parameters.
 *
 * @throws OAuthError `invalid_request` naming everything that is missing at once, `unsupported_grant_type` otherwise
 */
function requireGrantType(params: Params, authorized: boolean): GrantType {
  const named = grantTypes.find(({ name }) => name === params.grant_type)
  if (params.grant_type !== undefined && named === undefined) {
    throw new OAuthError(
      'unsupported_grant_type',
      `grant_type must be ${grantTypes.map(({ name }) => name).join(' or ')}`,
    )
  }
  // Without a grant_type the other parameters still tell which one was meant, and so what else is missing.
  const meant = named ?? grantTypes.find(({ required }) => required.some((name) => params[name] !== undefined))
  const needed = ['grant_type', ...(authorized ? [] : ['client_id']), ...(meant?.required ?? [])]
  const absent = needed.filter((name) => params[name] === undefined)
  if (absent.length > 0 || named === undefined) throw missing(absent)
  return named
}
