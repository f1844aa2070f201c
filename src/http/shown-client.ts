import type { ClientLogos } from '../clients/client-logos.ts'
import { lookUp } from '../lib/language-tag.ts'
import type { Language } from '../locale/language.ts'
import type { Client } from '../oauth/client.ts'
import { siteOf } from '../oauth/client-site.ts'
import { logoPath } from './logo-path.ts'

/** A client as pages show it. */
export interface ShownClient {
  name: string
  /** The host of its site. */
  host?: string
  /** Whether that is known to be the client's own; there wherever a host is. */
  verified?: boolean
  /** The path of its logo at our own origin, the issuer's included; absent where none is held. */
  logo?: string
}

/**
 * How a page shows a client.
 *
 * @param target the client and, where an answer is about to go to it, the redirect URI
 * @param pictures for pages with a logo
 */
export function shownClient(
  { client, redirectUri }: { client: Client; redirectUri?: string },
  language: Language,
  pictures?: { logos: ClientLogos; issuer: string },
): ShownClient {
  const logo = pictures?.logos.logoOf(client)
  return {
    name: clientName(client, language),
    ...siteOf(client, redirectUri),
    ...(pictures === undefined || logo === undefined
      ? {}
      : { logo: logoPath(pictures.issuer, logo, client.client_id) }),
  }
}

/** The client's name in a language, where it has one of its own there (RFC 7591 §2.2). */
export function clientName(client: Client, { tag }: Language): string {
  const own = lookUp(tag, Object.keys(client.client_names))
  return (own === undefined ? undefined : client.client_names[own]) ?? client.client_name
}

/** The client's name and the address of its site, where it has one. */
export function siteLink(client: Client, language: Language): { name: string; uri?: string } {
  const { client_uri: uri } = client
  return { name: clientName(client, language), ...(uri === undefined ? {} : { uri }) }
}

/** Where the browser goes next, as a person can read it: the host of a web address, or the scheme of an app's own. */
export function destinationOf(uri: string): string {
  const { protocol, host } = new URL(uri)
  return protocol === 'https:' || protocol === 'http:' ? host : protocol
}
