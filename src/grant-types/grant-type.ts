import type { Lifetimes } from '../config/load.ts'
import type { Clock } from '../lib/clock.ts'
import type { Client } from '../oauth/client.ts'
import type { HandleMacs } from '../oauth/handles.ts'
import type { Params } from '../oauth/params.ts'
import type { Resource, Resources } from '../oauth/resource.ts'
import type { Authorization, AuthorizationStore } from '../store/store.ts'
import type { Audit } from '../telemetry/events.ts'

/** What a grant type works with. */
export interface GrantServices {
  authorizations: AuthorizationStore
  handles: HandleMacs
  resources: Resources
  clock: Clock
  lifetimes: Lifetimes
  audit: Audit
}

/** What a token request is allowed. */
export interface Granted {
  /** Undefined where the client acts for nobody (RFC 6749 §4.4). */
  authorization: Authorization | undefined
  /** The scopes granted, all or those asked for; what the resource does not know is left out of its token. */
  scope: readonly string[]
  resource: Resource
  /** The nonce of the authorization request, at the redemption of its code (OpenID Connect Core §12.2). */
  nonce?: string | undefined
}

/**
 * A handler at the token endpoint. It only decides what is granted; client authentication, the client's registration, the
 * user's standing and the tokens themselves are the endpoint's, so that no grant type can forget them. To add one: one
 * file like this, and its line in the registry.
 */
export interface GrantType {
  /** The value of grant_type. */
  name: string
  /** The parameters without which there is nothing to decide. */
  required: readonly string[]
  /**
   * What is granted. Throws OAuthError.
   *
   * @param dpopJkt the thumbprint of the key that the request proved (RFC 9449), if any
   */
  authorize(params: Params, client: Client, services: GrantServices, dpopJkt: string | undefined): Promise<Granted>
}
