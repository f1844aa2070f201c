import { isNativeRedirect } from './redirect-uri.ts'

/** A registered client: its metadata under their RFC 7591 §2 names, checked and with the defaults filled in. */
export interface Client {
  readonly client_id: string
  readonly client_name: string
  readonly client_uri?: string
  readonly logo_uri?: string
  readonly policy_uri?: string
  readonly tos_uri?: string
  readonly contacts: readonly string[]
  readonly redirect_uris: readonly string[]
  readonly grant_types: readonly string[]
  readonly response_types: readonly string[]
  /** The scopes the client may ask for; a request without a scope asks for all of them. */
  readonly scope: readonly string[]
  readonly token_endpoint_auth_method: string
  /** SHA-256 of each live secret, base64url; empty for public clients. */
  readonly secretHashes: readonly string[]
  /** Origins of browser pages that may read token responses, beyond those of the redirect URIs. */
  readonly allowed_origins: readonly string[]
}

/** A client that cannot keep a secret (RFC 6749 §2.1). */
export function isPublic(client: Client): boolean {
  return client.token_endpoint_auth_method === 'none'
}

/**
 * Whether anyone could pose as this client at that redirect URI: a public client on loopback or a private-use scheme.
 * A remembered consent is never used for those (RFC 8252 §8.6): the person is asked each time.
 */
export function isImpersonable(client: Client, redirectUri: string): boolean {
  return isPublic(client) && isNativeRedirect(redirectUri)
}

/** Whether the client may use the grant type. */
export function mayUse(client: Client, grantType: string): boolean {
  return client.grant_types.includes(grantType)
}
