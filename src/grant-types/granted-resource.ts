import type { Client } from '../oauth/client.ts'
import { invalidTarget, mayReach, type Resource, type Resources } from '../oauth/resource.ts'
import type { Authorization } from '../store/store.ts'

/**
 * The resource of a token: the one asked for, which the store found among those granted, or the first granted.
 *
 * @throws OAuthError `invalid_target` where it is gone from the configuration, or from what the client may reach, since
 */
export function grantedResource(
  authorization: Authorization,
  asked: string | undefined,
  client: Client,
  resources: Resources,
): Resource {
  const candidates = asked === undefined ? authorization.resources : [asked]
  const uri = candidates.find((candidate) => mayReach(client, candidate, resources))
  const resource = uri === undefined ? undefined : resources.byUri.get(uri)
  if (resource === undefined) throw invalidTarget(asked ?? authorization.resources.join(' '))
  return resource
}
