import { isPublic } from '../oauth/client.ts'
import { OAuthError } from '../oauth/errors.ts'
import { requireScope } from '../oauth/requested-scope.ts'
import { invalidTarget, readResource, requireResources } from '../oauth/resource.ts'
import { OFFLINE_ACCESS } from '../oauth/scope.ts'
import type { GrantType } from './grant-type.ts'

/** Gives a client a token of its own, for nobody's account (RFC 6749 §4.4). */
export const clientCredentials: GrantType = {
  name: 'client_credentials',
  required: [],

  async authorize(params, client, { resources }) {
    // RFC 6749 §4.4: confidential clients only; anyone can name a public one.
    if (isPublic(client)) {
      throw new OAuthError('unauthorized_client', 'client_credentials is for clients that authenticate', {
        cause: 'public-client',
        detail: { client_id: client.client_id },
      })
    }
    const [uri = resources.fallback.uri] = requireResources(
      readResource(params.resource, client, resources),
      client,
      resources,
    )
    const resource = resources.byUri.get(uri)
    if (resource === undefined) throw invalidTarget(uri)
    // Nobody is away or there: a client without a user has no use for offline_access.
    const scope = requireScope(params.scope, client).filter((name) => name !== OFFLINE_ACCESS)
    return { authorization: undefined, scope, resource }
  },
}
