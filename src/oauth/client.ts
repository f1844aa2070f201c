import type { KeyObject } from 'node:crypto'
import type { PublicKey } from './public-key.ts'
import { isNativeRedirect } from './redirect-uri.ts'
import { OFFLINE_ACCESS } from './scope.ts'
import type { SigningAlgorithm } from './signing-algorithm.ts'

/** A registered client: its metadata under their RFC 7591 §2 names, checked and with the defaults filled in. */
export interface Client {
  readonly client_id: string
  readonly client_name: string
  /** Its names in other languages, by language tag in its canonical letters, such as `pt-BR` (RFC 7591 §2.2). */
  readonly client_names: Readonly<Record<string, string>>
  /** Its web site. */
  readonly client_uri?: string
  /** Whether the operator has checked that this site is the client's own; undefined: the redirect URI decides. */
  readonly client_uri_verified?: boolean
  /** A picture of at most 128 KB; people get it from us and not from there. */
  readonly logo_uri?: string
  readonly policy_uri?: string
  readonly tos_uri?: string
  /** Where a sign-in at the client begins (OpenID Connect Core §4). */
  readonly initiate_login_uri?: string
  /**
   * `native`: an https redirect URI opens an installed app (app link, universal link); `web`: a page (Dynamic Client
   * Registration §2).
   */
  readonly application_type: 'web' | 'native'
  /**
   * How people are asked: `explicit`, for all of a request at once; `granular`, so that single scopes can be left out;
   * `implicit`: not at all, for the operator's own clients.
   */
  readonly consent: 'explicit' | 'granular' | 'implicit'
  readonly contacts: readonly string[]
  readonly redirect_uris: readonly string[]
  readonly grant_types: readonly string[]
  readonly response_types: readonly string[]
  /** The scopes the client may ask for; a request without a scope asks for all of them. */
  readonly scope: readonly string[]
  readonly token_endpoint_auth_method: string
  /** SHA-256 of each live secret, base64url; empty for public clients. */
  readonly secretHashes: readonly string[]
  /** The one algorithm of its signatures; undefined: every one that its method has. */
  readonly token_endpoint_auth_signing_alg?: string
  /** The live secrets of a client that makes HMACs with them, as keys: these print nothing of themselves. */
  readonly hmacKeys?: readonly KeyObject[]
  /** The keys it signs with, or where they are; never both. */
  readonly jwks?: readonly PublicKey[]
  readonly jwks_uri?: string
  /** The resources the client may ask for; undefined: all. */
  readonly resources: readonly string[] | undefined
  /** The form of its access tokens at a resource; JWT where it is not named. */
  readonly access_token_format: AccessTokenFormats
  /** `any`: a resource server that may ask about every token; `own`: only about those it got or is named for. */
  readonly introspection: 'any' | 'own'
  /** Whether its authorization requests must be pushed (RFC 9126 §6). */
  readonly require_pushed_authorization_requests: boolean
  /** Whether it gets no access token that is not bound to a key (RFC 9449 §5.2). */
  readonly dpop_bound_access_tokens: boolean
  /** Origins of browser pages that may read token responses, beyond those of the redirect URIs. */
  readonly allowed_origins: readonly string[]
  /** What its ID tokens are signed by; undefined: the default of the server. */
  readonly id_token_signed_response_alg?: SigningAlgorithm
  /** What userinfo answers are signed by; undefined: they are plain JSON. */
  readonly userinfo_signed_response_alg?: SigningAlgorithm
  /** Whether it knows a user by the same `sub` as all others do, or by one of its sector's own (OpenID Connect Core §8). */
  readonly subject_type: 'public' | 'pairwise'
  /** Its host is the sector; undefined: the host of the redirect URIs, which is then one (§8.1). */
  readonly sector_identifier_uri?: string
  /** The longest time since the sign-in, in seconds, where a request does not say (§3.1.2.1, `max_age`). */
  readonly default_max_age?: number
  /** Whether every ID token says when the user signed in; ours always do. */
  readonly require_auth_time: boolean
  /** Where the browser may go after a logout (RP-Initiated Logout §3.1), by the rules of redirect URIs. */
  readonly post_logout_redirect_uris: readonly string[]
}

/** One form for all resources, or a form for each by URI. */
export type AccessTokenFormats = AccessTokenFormat | Readonly<Record<string, AccessTokenFormat>>

export type AccessTokenFormat = 'jwt' | 'opaque'

/** The form of the client's access tokens at a resource. */
export function accessTokenFormat(client: Client, resourceUri: string): AccessTokenFormat {
  const formats = client.access_token_format
  if (typeof formats === 'string') return formats
  return (Object.hasOwn(formats, resourceUri) ? formats[resourceUri] : undefined) ?? 'jwt'
}

/** A client that cannot keep a secret (RFC 6749 §2.1). */
export function isPublic(client: Pick<Client, 'token_endpoint_auth_method'>): boolean {
  return client.token_endpoint_auth_method === 'none'
}

/**
 * Whether anyone could pose as this client at that redirect URI: a public client on loopback or a private-use scheme.
 * A remembered consent is never used for those (RFC 8252 §8.6): the person is asked each time.
 */
export function isImpersonable(client: Pick<Client, 'token_endpoint_auth_method'>, redirectUri: string): boolean {
  return isPublic(client) && isNativeRedirect(redirectUri)
}

/** Whether the client may name the scope in a request; offline_access is fine for any client that may refresh. */
export function mayRequest(client: Client, scopeName: string): boolean {
  return client.scope.includes(scopeName) || (scopeName === OFFLINE_ACCESS && mayUse(client, 'refresh_token'))
}

/** Whether the client may use the grant type. */
export function mayUse(client: Client, grantType: string): boolean {
  return client.grant_types.includes(grantType)
}
