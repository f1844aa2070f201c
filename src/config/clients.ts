import { isRecord } from '../lib/json-object.ts'
import { editDistance, nearest } from '../lib/nearest.ts'
import type { Client } from '../oauth/client.ts'
import { type ReadMember, readClientAuth, type SupportedAuth } from './client-auth.ts'
import { OPENID_MEMBERS, readClientOpenId, type SupportedOpenId } from './client-openid.ts'
import { isPagesMember, PAGES_MEMBERS, readClientPages } from './client-pages.ts'
import * as members from './members.ts'
import { json } from './parsers.ts'
import { Problems, quoted } from './problem.ts'

/** What the rest of the server knows, for checking what a client's metadata name. */
export interface Supported extends SupportedAuth, SupportedOpenId {
  grantTypes: readonly string[]
  /** Undefined where SCOPES could not be read. */
  scopes: readonly string[] | undefined
  /** URIs of the resources. */
  resources: readonly string[]
}

/**
 * The clients of the CLIENTS variable, checked, with defaults filled in.
 *
 * @throws Problems with a line for each thing that is wrong, naming the client, the field and what would be right
 */
export function readClients(value: string, supported: Supported): Client[] {
  const list = json(value)
  if (!Array.isArray(list)) throw new Problems('must be a JSON array of client metadata')
  const lines: string[] = []
  const clients: Client[] = []
  for (const [index, entry] of list.entries()) {
    try {
      clients.push(readClient(entry, supported))
    } catch (error) {
      if (!(error instanceof Problems)) throw error
      lines.push(...error.lines.map((line) => `[${index}]${nameOf(entry)}: ${line}`))
    }
  }
  const ids = clients.map((client) => client.client_id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) lines.push(`has the client_id ${quoted(twice)} twice`)
  if (lines.length > 0) throw new Problems(...lines)
  return clients
}

function readClient(entry: unknown, supported: Supported): Client {
  if (!isRecord(entry)) throw new Problems('must be an object')
  const lines: string[] = unknownMembers(entry)
  // null is how a failed template says a secret; taken for absent it would make a public client.
  for (const name of ['client_secret', 'client_secret_hash']) if (entry[name] === null) lines.push(`${name} is null`)
  const read: ReadMember = (name, reader, fallback) => {
    if (entry[name] === undefined || entry[name] === null) return fallback
    try {
      return reader(entry[name])
    } catch (error) {
      if (!(error instanceof Problems)) throw error
      lines.push(...error.lines.map((line) => `${name} ${line}`))
      return fallback
    }
  }

  const client_id = read('client_id', members.clientId, '')
  if (entry.client_id === undefined || entry.client_id === null) lines.push('client_id is missing')
  const auth = readClientAuth(read, lines, supported)
  const grant_types = read('grant_types', members.listOf(members.member(supported.grantTypes)), ['authorization_code'])
  const redirect_uris = read('redirect_uris', members.listOf(members.redirectUri), [])

  if (grant_types.includes('authorization_code') && redirect_uris.length === 0 && !lines.some(isAboutRedirects)) {
    lines.push('redirect_uris must name at least one URI for the grant type authorization_code')
  }
  const client: Client = {
    client_id,
    ...readClientPages(read, lines, supported, {
      names: Object.keys(entry).filter((name) => entry[name] !== null),
      client_id,
      redirect_uris,
      token_endpoint_auth_method: auth.token_endpoint_auth_method,
    }),
    contacts: read('contacts', members.listOf(members.shortText), []),
    redirect_uris,
    grant_types,
    response_types: read('response_types', members.listOf(members.member(['code'])), ['code']),
    scope: read('scope', members.scopeNames(supported.scopes), supported.scopes ?? []),
    ...auth,
    resources: read<string[] | undefined>('resources', members.listOf(members.member(supported.resources)), undefined),
    access_token_format: read('access_token_format', members.accessTokenFormats(supported.resources), 'jwt'),
    introspection: read('introspection', members.member(['any', 'own']), 'own') as 'any' | 'own',
    require_pushed_authorization_requests: read('require_pushed_authorization_requests', members.flag, false),
    dpop_bound_access_tokens: read('dpop_bound_access_tokens', members.flag, false),
    allowed_origins: read('allowed_origins', members.listOf(members.origin), []),
    ...readClientOpenId(read, lines, supported, redirect_uris),
  }
  if (lines.length > 0) throw new Problems(...lines)
  return client
}

const MEMBERS = [
  'client_id',
  'client_secret',
  'client_secret_hash',
  'contacts',
  'redirect_uris',
  'grant_types',
  'response_types',
  'scope',
  'token_endpoint_auth_method',
  'token_endpoint_auth_signing_alg',
  'jwks',
  'jwks_uri',
  'allowed_origins',
  'resources',
  'access_token_format',
  'introspection',
  'require_pushed_authorization_requests',
  'dpop_bound_access_tokens',
  ...PAGES_MEMBERS,
  ...OPENID_MEMBERS,
] // prettier-ignore

/** Unknown metadata are ignored (RFC 7591 §2), but a name one or two letters off a known one is surely a slip. */
function unknownMembers(entry: Record<string, unknown>): string[] {
  return Object.keys(entry).flatMap((name) => {
    if (MEMBERS.includes(name) || isPagesMember(name)) return []
    const close = nearest(name, MEMBERS)
    return close !== undefined && editDistance(name, close) <= 2
      ? [`${quoted(name)} is unknown; did you mean ${close}?`]
      : []
  })
}

function isAboutRedirects(line: string): boolean {
  return line.startsWith('redirect_uris')
}

function nameOf(entry: unknown): string {
  return isRecord(entry) && typeof entry.client_id === 'string' ? ` (client ${quoted(entry.client_id)})` : ''
}
