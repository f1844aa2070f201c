import type { ClientRegistry } from '../clients/client-registry.ts'
import type { Client } from '../oauth/client.ts'
import { OAuthError } from '../oauth/errors.ts'
import type { Params } from '../oauth/params.ts'

/** What of a request can prove who its client is. */
export interface ClientCredentials {
  /** The Authorization header. */
  authorization: string | undefined
  params: Params
}

/** One way for a client to prove who it is. To add one: one file like this, and its line in the registry. */
export interface ClientAuthMethod {
  /** Its name in metadata (token_endpoint_auth_methods_supported, RFC 8414 §2). */
  name: string
  /** The registrations it satisfies. */
  registrations: readonly string[]
  /** Whether the request tries this method. */
  matches(credentials: ClientCredentials): boolean
  /** The client the request proves to be. Throws OAuthError. */
  authenticate(credentials: ClientCredentials, clients: ClientRegistry): Promise<Client>
}

/**
 * The refusal of a client: the same words whatever was wrong (RFC 6749 §5.2, invalid_client).
 *
 * @param cause what was wrong, for the log
 * @param viaHeader whether the client tried the Authorization header, which asks for a challenge in the answer
 */
export function invalidClient(cause: string, clientId: string | undefined, viaHeader: boolean): OAuthError {
  return new OAuthError('invalid_client', 'client authentication failed', {
    status: 401,
    cause,
    detail: { client_id: clientId?.slice(0, 200) },
    headers: viaHeader ? { 'WWW-Authenticate': 'Basic realm="latchkey", charset="UTF-8"' } : {},
  })
}
