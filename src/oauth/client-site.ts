import type { Client } from './client.ts'
import { isLoopback, withParams } from './redirect-uri.ts'

/** The site that a client stands for, as a page can show it. */
export interface Site {
  /** The host, with its port if it has one; letters beyond ASCII in Punycode, so that none is taken for another. */
  host: string
  /** Whether it is known that the site is the client's own. */
  verified: boolean
}

/**
 * The client's site: that of its client_uri, else that of the https redirect URI, else undefined. It counts as verified
 * where the operator says so, or else where the answer goes to the very site or to a host below it: who receives codes
 * there holds a part of it. Where strangers share a domain (`name.github.io`) that shows nothing, and the operator can
 * say no.
 *
 * @param redirectUri a registered one; undefined where nothing is about to go to the client, which then has to hold a part of
 * the site by every https address it has registered
 */
export function siteOf(client: Client, redirectUri: string | undefined): Site | undefined {
  const uris = redirectUri === undefined ? client.redirect_uris : [redirectUri]
  const destinations = uris.filter((uri) => uri.startsWith('https://')).map((uri) => new URL(uri))
  const site = client.client_uri === undefined ? destinations[0] : new URL(client.client_uri)
  if (site === undefined) return undefined
  const proven = destinations.length > 0 && destinations.every(({ hostname }) => isWithin(hostname, site.hostname))
  return { host: site.host, verified: client.client_uri_verified ?? proven }
}

/**
 * Where a person can begin again at the client: its initiate_login_uri, which is told who sends it (OpenID Connect Core
 * §4), else its site; undefined where neither is known.
 *
 * @param issuer of this server
 */
export function startOf(client: Client, issuer: string): string | undefined {
  if (client.initiate_login_uri === undefined) return client.client_uri
  return withParams(client.initiate_login_uri, { iss: issuer })
}

/**
 * Whether the redirect opens an installed app: at a private-use scheme, and for a native client at an https address,
 * which the system hands to the app (RFC 8252 §7.1, §7.2). At a loopback address the browser shows a page.
 */
export function opensApp(client: Client, redirectUri: string): boolean {
  if (isLoopback(redirectUri)) return false
  return !redirectUri.startsWith('https://') || client.application_type === 'native'
}

/** Whether a host is the site or below it, where `www.example` is the same site as `example`. */
function isWithin(hostname: string, site: string): boolean {
  const domain = site.replace(/^www\./, '')
  // Below a bare top-level domain (`www.com`) everybody is at home.
  const isDomain = domain.split('.').filter((label) => label !== '').length > 1
  return hostname === site || (isDomain && (hostname === domain || hostname.endsWith(`.${domain}`)))
}
