import type { Request, Response } from 'express'
import { type ClientAuthServices, invalidClient } from '../client-auth/client-auth-method.ts'
import { clientAuthMethods } from '../client-auth/registry.ts'
import type { ClientRegistry } from '../clients/client-registry.ts'
import { readClientForm } from '../http/client-request.ts'
import type { Endpoint } from '../http/endpoint.ts'
import type { RateLimiter } from '../http/rate-limits.ts'
import { sendJson } from '../http/send-json.ts'
import type { IdentitySource } from '../identity/identity-source.ts'
import type { Subjects } from '../identity/subjects.ts'
import { type Clock, toSeconds } from '../lib/clock.ts'
import { type Client, isPublic } from '../oauth/client.ts'
import { type HandleMacs, isRefreshToken, readRefreshToken } from '../oauth/handles.ts'
import { requireParam } from '../oauth/params.ts'
import type { Resources } from '../oauth/resource.ts'
import type { AuthorizationStore } from '../store/store.ts'
import { type AccessTokenClaims, tokenTypeOf } from '../tokens/claims.ts'
import type { AccessTokenReader } from '../tokens/read-access-token.ts'

/** What introspection works with. */
interface IntrospectDeps {
  config: { issuer: string; resources: Resources }
  clientAuth: ClientAuthServices
  rateLimits: RateLimiter
  clients: ClientRegistry
  identity: IdentitySource
  subjects: Subjects
  store: { authorizations: AuthorizationStore }
  accessTokenReader: AccessTokenReader
  handles: HandleMacs
  clock: Clock
}

/** What is said of every token that is worth nothing, or not the caller's to ask about (RFC 7662 §2.2). */
const INACTIVE = { active: false }

/** Token introspection (RFC 7662): tells a resource server, or a client of its own tokens, whether a token is good. */
export function introspect(deps: IntrospectDeps): Endpoint {
  const post = async (req: Request, res: Response) => {
    const { params, client } = await readClientForm(req, res, deps.clientAuth)
    await deps.rateLimits.byClient('introspection-by-client', client, req, res)
    // RFC 7662 §4: who may ask without proving who they are could try tokens out here.
    if (isPublic(client)) throw invalidClient('public-client-at-introspection', client.client_id, false)
    const token = requireParam(params, 'token')
    const told = isRefreshToken(token) ? describeRefreshToken(token, client) : describeAccessToken(token, client)
    res.setHeader('Cache-Control', 'no-store')
    sendJson(res, await told)
  }

  const describeAccessToken = async (token: string, client: Client): Promise<object> => {
    const claims = await deps.accessTokenReader.verify(token)
    if (claims === undefined) return INACTIVE
    const owner = deps.clients.find(claims.client_id)
    if (owner === undefined || !mayAsk(client, claims, deps.config.resources)) return INACTIVE
    const standing = await deps.accessTokenReader.stands(claims)
    if (standing.status === 'fallen') return INACTIVE
    const { authorization } = standing
    const user = authorization && (await deps.identity.find(authorization.subject))
    // A user who is gone takes their tokens along; a client's own token has none (RFC 9068 §2.2).
    if (authorization !== undefined && user === undefined) return INACTIVE
    return {
      active: true,
      token_type: tokenTypeOf(claims),
      ...claims,
      // A client that knows its users by pairwise subjects must not learn here who they are to others (Core §8.1).
      ...(user === undefined || owner.subject_type === 'pairwise' ? {} : { username: user.username }),
    }
  }

  const describeRefreshToken = async (token: string, client: Client): Promise<object> => {
    const handle = readRefreshToken(token, deps.handles)
    const authorization = handle && (await deps.store.authorizations.find(handle.id, deps.clock.now()))
    if (authorization?.clientId !== client.client_id || authorization.generation !== handle?.generation) return INACTIVE
    if ((await deps.identity.find(authorization.subject)) === undefined) return INACTIVE
    return {
      active: true,
      iss: deps.config.issuer,
      sub: deps.subjects.subjectFor(client, authorization.subject),
      client_id: authorization.clientId,
      scope: authorization.scope.join(' '),
      iat: toSeconds(authorization.createdAt),
      exp: toSeconds(authorization.expiresAt),
    }
  }

  return {
    path: '/oauth/introspect',
    metadata: 'introspection_endpoint',
    authMethods: clientAuthMethods.filter((method) => method.name !== 'none'),
    errors: 'json',
    methods: { POST: post },
  }
}

/** A client asks about its own tokens; a resource server about those for its resource, or about all. */
function mayAsk(client: Client, claims: AccessTokenClaims, { byUri }: Resources): boolean {
  if (client.introspection === 'any' || claims.client_id === client.client_id) return true
  return byUri.get(claims.aud)?.introspectedBy.includes(client.client_id) ?? false
}
