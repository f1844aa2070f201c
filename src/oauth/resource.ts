import type { Client } from './client.ts'
import { OAuthError } from './errors.ts'
import { OPENID_SCOPES } from './openid-claims.ts'
import { splitScope } from './scope.ts'

/** An API that accepts our tokens (RFC 8707). */
export interface Resource {
  /** As it is named in requests and in `aud`, byte for byte. */
  readonly uri: string
  /** The scopes that mean something there; undefined: all. */
  readonly scopes: readonly string[] | undefined
  /** How long access tokens for it are good for, in milliseconds. */
  readonly accessTokenLifetime: number
  /** The clients that are this API's own backend and may ask about its tokens. */
  readonly introspectedBy: readonly string[]
}

/** The resources this server knows, and the one that is meant where a request names none. */
export interface Resources {
  readonly byUri: ReadonlyMap<string, Resource>
  readonly fallback: Resource
}

/**
 * The resources an authorization request is for (RFC 8707 §2.1): those it names, each once, or the default.
 *
 * @param named the values of `resource`, parted by spaces
 * @throws OAuthError `invalid_target`
 */
export function requireResources(named: string | undefined, client: Client, resources: Resources): string[] {
  const asked = splitScope(named ?? '')
  const uris = asked.length === 0 ? [resources.fallback.uri] : asked
  const foreign = uris.find((uri) => !mayReach(client, uri, resources))
  if (foreign !== undefined) throw invalidTarget(foreign)
  return uris
}

/**
 * The one resource of a token request (RFC 8707 §2.2), or undefined where it names none.
 *
 * @throws OAuthError `invalid_target` where it names several, since a token good at two APIs lets one of them act at the
 * other, or one that is not the client's
 */
export function readResource(named: string | undefined, client: Client, resources: Resources): string | undefined {
  const [uri, second] = splitScope(named ?? '')
  if (second !== undefined) {
    throw new OAuthError('invalid_target', 'ask for the token of one resource at a time', {
      cause: 'several-resources',
    })
  }
  if (uri !== undefined && !mayReach(client, uri, resources)) throw invalidTarget(uri)
  return uri
}

/** How long the longest-lived access token of any resource is good for, in milliseconds. */
export function longestAccessToken({ byUri }: Resources): number {
  return Math.max(...[...byUri.values()].map((resource) => resource.accessTokenLifetime))
}

/** The scopes of an access token for the resource: those granted that mean something there. */
export function scopeAt(resource: Resource, granted: readonly string[]): readonly string[] {
  const { scopes } = resource
  // What OpenID Connect defines is for the userinfo endpoint, which takes the tokens of every resource.
  return scopes === undefined
    ? granted
    : granted.filter((name) => scopes.includes(name) || OPENID_SCOPES.includes(name))
}

/** The refusal of a resource that is unknown, not the client's, or not among those granted. */
export function invalidTarget(uri: string): OAuthError {
  return new OAuthError('invalid_target', 'resource is unknown here, or not one this client may ask for', {
    cause: 'resource-not-allowed',
    detail: { resource: uri.slice(0, 500) },
  })
}

/** Whether the resource is known here and the client may ask for it. */
export function mayReach(client: Client, uri: string, resources: Resources): boolean {
  return resources.byUri.has(uri) && (client.resources === undefined || client.resources.includes(uri))
}
