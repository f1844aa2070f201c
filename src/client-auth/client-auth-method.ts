import type { ClientKeys } from '../clients/client-keys.ts'
import type { ClientRegistry } from '../clients/client-registry.ts'
import type { Clock } from '../lib/clock.ts'
import type { Client } from '../oauth/client.ts'
import { OAuthError } from '../oauth/errors.ts'
import type { Params } from '../oauth/params.ts'
import type { AttemptStore } from '../store/attempts.ts'
import type { OnceStore } from '../store/once.ts'
import type { Audit } from '../telemetry/events.ts'
import type { ProvenLately } from './proven-lately.ts'

/** What of a request can prove who its client is. */
export interface ClientCredentials {
  /** The Authorization header. */
  authorization: string | undefined
  params: Params
  /** The caller's address, as far as proxies are believed about it; failures are counted by it. */
  address: string | undefined
}

/** What the methods work with. */
export interface ClientAuthServices {
  clients: ClientRegistry
  clientKeys: ClientKeys
  /** The ids of assertions, each good once. */
  assertions: OnceStore
  /** The failures of clients to prove who they are. */
  attempts: AttemptStore
  provenLately: ProvenLately
  issuer: string
  clock: Clock
  audit: Audit
}

/** One way for a client to prove who it is. To add one: one file like this, and its line in the registry. */
export interface ClientAuthMethod {
  /** Its name in metadata (token_endpoint_auth_methods_supported, RFC 8414 §2). */
  name: string
  /** The registrations it satisfies. */
  registrations: readonly string[]
  /** The algorithms of its signatures, where it has any (token_endpoint_auth_signing_alg_values_supported). */
  algorithms?: readonly string[]
  /**
   * What the client proves itself with. Failures of secrets and signatures are counted; while they are too many, a right
   * secret waits as well, since it may be a guess, and a right signature does not.
   */
  proof: 'nothing' | 'secret' | 'signature'
  /** Whether the request tries this method. */
  matches(credentials: ClientCredentials): boolean
  /** The client the request proves to be. Throws OAuthError. */
  authenticate(credentials: ClientCredentials, services: ClientAuthServices): Promise<Client>
}

/** The refusal of a client; knows whom the request claimed to come from, whole, for counting. */
export class ClientRefused extends OAuthError {
  readonly claimedId: string | undefined

  constructor(claimedId: string | undefined, ...refusal: ConstructorParameters<typeof OAuthError>) {
    super(...refusal)
    this.claimedId = claimedId
  }
}

/**
 * The refusal of a client: the same words whatever was wrong (RFC 6749 §5.2, invalid_client).
 *
 * @param cause what was wrong, for the log
 * @param viaHeader whether the client tried the Authorization header, which asks for a challenge in the answer
 * @param detail what an operator needs to know beyond the cause, for the log
 */
export function invalidClient(
  cause: string,
  clientId: string | undefined,
  viaHeader: boolean,
  detail: Record<string, unknown> = {},
): ClientRefused {
  return new ClientRefused(clientId, 'invalid_client', 'client authentication failed', {
    status: 401,
    cause,
    detail: { client_id: clientId?.slice(0, 200), ...detail },
    headers: viaHeader ? { 'WWW-Authenticate': 'Basic realm="latchkey", charset="UTF-8"' } : {},
  })
}
