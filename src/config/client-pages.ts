import { isLoopbackHost } from '../lib/public-address.ts'
import { type Client, isImpersonable } from '../oauth/client.ts'
import type { ReadMember, SupportedAuth } from './client-auth.ts'
import { fetchedUri } from './fetched-uri.ts'
import * as members from './members.ts'
import { Problems, quoted } from './problem.ts'

/** What a client's metadata say of how people meet it: what the pages show, and whether they ask. */
export type ClientPages = Pick<
  Client,
  | 'client_name'
  | 'client_names'
  | 'client_uri'
  | 'client_uri_verified'
  | 'logo_uri'
  | 'policy_uri'
  | 'tos_uri'
  | 'initiate_login_uri'
  | 'application_type'
  | 'consent'
>

/** The names of these members, for telling slips from what is unknown on purpose. */
export const PAGES_MEMBERS = [
  'client_name',
  'client_uri',
  'client_uri_verified',
  'logo_uri',
  'policy_uri',
  'tos_uri',
  'initiate_login_uri',
  'application_type',
  'consent',
]

const NAME_BY_LANGUAGE = 'client_name#'

/** Whether a member is a name in some language, `client_name#de` (RFC 7591 §2.2). */
export function isPagesMember(name: string): boolean {
  return name.startsWith(NAME_BY_LANGUAGE)
}

/** What is known of the client besides. */
interface Facts extends Pick<Client, 'client_id' | 'redirect_uris' | 'token_endpoint_auth_method'> {
  /** The names of all its members; what is null is left out. */
  names: readonly string[]
}

/**
 * The members of RFC 7591 §2 that are for people, two of OpenID Connect Dynamic Client Registration §2, and our own
 * `consent` and `client_uri_verified`.
 *
 * @param lines where problems are added, each naming the member and what would be right
 */
export function readClientPages(
  read: ReadMember,
  lines: string[],
  { allowLoopback }: Pick<SupportedAuth, 'allowLoopback'>,
  facts: Facts,
): ClientPages {
  const optional = <K extends string, T>(name: K, reader: members.Reader<T>) => {
    const value = read<T | undefined>(name, reader, undefined)
    return (value === undefined ? {} : { [name]: value }) as { [P in K]?: T }
  }
  const pages: ClientPages = {
    client_name: read('client_name', members.shortText, facts.client_id),
    client_names: namesByLanguage(read, lines, facts.names),
    ...optional('client_uri', members.webUri),
    ...optional('client_uri_verified', members.flag),
    ...optional('logo_uri', fetchedUri(allowLoopback)),
    ...optional('policy_uri', members.webUri),
    ...optional('tos_uri', members.webUri),
    ...optional('initiate_login_uri', loginUri(allowLoopback)),
    application_type: read('application_type', members.member(['web', 'native']), 'web') as 'web' | 'native',
    consent: read('consent', members.member(['explicit', 'granular', 'implicit']), 'explicit') as Client['consent'],
  }
  if (pages.client_uri_verified !== undefined && !facts.names.includes('client_uri')) {
    lines.push('client_uri_verified says something of a client_uri, and there is none')
  }
  // A wrong method would only bring forth another, misleading line.
  const isMethodRight = !lines.some((line) => line.startsWith('token_endpoint_auth_method'))
  if (pages.consent === 'implicit' && isMethodRight && isWhollyImpersonable(facts)) {
    lines.push(
      'consent implicit does not go with a client that anyone can pose as: it has no secret or key, and all its redirect URIs are loopback or private-use schemes (RFC 8252 §8.6)',
    )
  }
  return pages
}

/** `client_name#de` and its like. */
function namesByLanguage(read: ReadMember, lines: string[], all: readonly string[]): Record<string, string> {
  const names: Record<string, string> = {}
  for (const member of all.filter(isPagesMember)) {
    const tag = canonicalTag(member.slice(NAME_BY_LANGUAGE.length))
    const name = read<string | undefined>(member, members.shortText, undefined)
    if (tag === undefined) lines.push(`${quoted(member)} must end in a language tag such as de or pt-BR (BCP 47)`)
    else if (Object.hasOwn(names, tag)) lines.push(`${quoted(member)} names the language ${tag} a second time`)
    else if (name !== undefined) names[tag] = name
  }
  return names
}

function canonicalTag(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}

/** People are sent there, with a query of ours at its end. */
function loginUri(allowLoopback: boolean): members.Reader<string> {
  return (value) => {
    const uri = members.webUri(value)
    const own = allowLoopback && isLoopbackHost(new URL(uri).hostname)
    if (!uri.startsWith('https://') && !own) throw new Problems(`must begin with https://, not ${quoted(value)}`)
    if (uri.includes('#')) throw new Problems('must not have a fragment')
    return uri
  }
}

/** Where only some redirect URIs are such, the client may ask nobody at the others. */
function isWhollyImpersonable(client: Facts): boolean {
  return client.redirect_uris.length > 0 && client.redirect_uris.every((uri) => isImpersonable(client, uri))
}
