import type { Client } from '../oauth/client.ts'
import { OAuthError } from '../oauth/errors.ts'
import { missing } from '../oauth/params.ts'
import { type ClientAuthServices, type ClientCredentials, invalidClient } from './client-auth-method.ts'
import { slowedDown } from './guessing.ts'
import { clientAuthMethods } from './registry.ts'

/**
 * The client that a request proves to come from, by exactly one method, and the one it is registered for.
 *
 * @throws OAuthError `invalid_request` where no method or more than one is tried (RFC 6749 §2.3), `invalid_client` where
 * the proof fails, `temporarily_unavailable` with status 429 where it failed too often
 */
export async function authenticateClient(
  credentials: ClientCredentials,
  services: ClientAuthServices,
): Promise<Client> {
  const tried = clientAuthMethods.filter((method) => method.matches(credentials))
  const [method, second] = tried
  if (method === undefined) throw missing(['client_id'])
  if (second !== undefined) {
    throw new OAuthError('invalid_request', 'the client authenticates by more than one method', {
      cause: 'several-auth-methods',
      detail: { methods: tried.map(({ name }) => name) },
    })
  }
  return slowedDown(method, credentials, services, async () => {
    const client = await method.authenticate(credentials, services)
    if (!method.registrations.includes(client.token_endpoint_auth_method)) {
      throw invalidClient('wrong-auth-method', client.client_id, credentials.authorization !== undefined)
    }
    return client
  })
}
