import type { Request, Response } from 'express'
import { hasAssertion } from '../client-auth/assertion.ts'
import { authenticateClient } from '../client-auth/authenticate-client.ts'
import type { ClientAuthServices } from '../client-auth/client-auth-method.ts'
import { clientAuthMethods } from '../client-auth/registry.ts'
import { invalidProof } from '../dpop/dpop.ts'
import type { GrantServices, GrantType } from '../grant-types/grant-type.ts'
import { grantTypes } from '../grant-types/registry.ts'
import { credentialsOf } from '../http/client-request.ts'
import { type ProofDeps, proveKey } from '../http/dpop-proof.ts'
import type { Endpoint } from '../http/endpoint.ts'
import { readForm } from '../http/form.ts'
import type { RateLimiter } from '../http/rate-limits.ts'
import { noteClient, noteGrantType } from '../http/request-facts.ts'
import { sendJson } from '../http/send-json.ts'
import type { IdentitySource, User } from '../identity/identity-source.ts'
import { type Client, mayUse } from '../oauth/client.ts'
import { OAuthError } from '../oauth/errors.ts'
import { missing, type Params } from '../oauth/params.ts'
import type { Authorization } from '../store/store.ts'
import type { TokenIssuer } from '../tokens/token-issuer.ts'

/** What the token endpoint works with. */
interface TokenDeps extends ProofDeps {
  clientAuth: ClientAuthServices
  rateLimits: RateLimiter
  identity: IdentitySource
  issueTokens: TokenIssuer
  grants: GrantServices
}

/**
 * The token endpoint (RFC 6749 §3.2). It owns what every grant type needs: the client's proof and registration, the user's
 * standing, the tokens.
 */
export function token(deps: TokenDeps): Endpoint {
  const { clientAuth, identity, issueTokens, grants } = deps

  const post = async (req: Request, res: Response) => {
    // RFC 9449 §8.2: with any answer, so that the next request need not be refused for it.
    res.set(deps.dpop.offer())
    noteGrantType(res, 'none')
    const params = await readForm(req)
    const credentials = credentialsOf(req, params)
    const grantType = requireGrantType(params, credentials.authorization !== undefined || hasAssertion(params))
    noteGrantType(res, grantType.name)
    const client = await authenticateClient(credentials, clientAuth)
    noteClient(res, client.client_id)
    await deps.rateLimits.byClient('token-by-client', client, req, res)
    if (!mayUse(client, grantType.name)) {
      throw new OAuthError('unauthorized_client', `this client may not use the grant type ${grantType.name}`, {
        cause: 'grant-type-not-registered',
        detail: { client_id: client.client_id },
      })
    }

    const dpopJkt = await proveKeyOf(client, req)
    const granted = await grantType.authorize(params, client, grants, dpopJkt)
    const { authorization, scope, resource, nonce } = granted
    const onBehalfOf = authorization && { authorization, user: await requireUser(authorization) }
    const tokens = await issueTokens({ client, onBehalfOf, scope, resource, nonce, dpopJkt })
    res.setHeader('Cache-Control', 'no-store')
    sendJson(res, tokens)
  }

  /** The key that the tokens are bound to. RFC 9449 §5.2: some clients get no others. */
  const proveKeyOf = async (client: Client, req: Request): Promise<string | undefined> => {
    const dpopJkt = await proveKey(req, deps)
    if (dpopJkt === undefined && client.dpop_bound_access_tokens) {
      throw invalidProof('no-proof', 'this client needs a DPoP proof')
    }
    return dpopJkt
  }

  /** A user whose account is gone gets nothing, and what was once allowed ends. */
  const requireUser = async ({ id, clientId, subject }: Authorization): Promise<User> => {
    const user = await identity.find(subject)
    if (user !== undefined) return user
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
    limit: 'token-by-address',
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
