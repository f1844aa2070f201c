import { editDistance, nearest } from '../lib/nearest.ts'
import type { Client } from '../oauth/client.ts'
import { OFFLINE_ACCESS, splitScope } from '../oauth/scope.ts'
import * as members from './members.ts'
import { json } from './parsers.ts'
import { Problems, quoted } from './problem.ts'

/** What the rest of the server knows, for checking what a client's metadata name. */
export interface Supported {
  grantTypes: readonly string[]
  clientAuthMethods: readonly string[]
  scopes: readonly string[]
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
  if (!members.isRecord(entry)) throw new Problems('must be an object')
  const lines: string[] = unknownMembers(entry)
  const read = <T>(name: string, reader: members.Reader<T>, fallback: T): T => {
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
  if (entry.client_id === undefined) lines.push('client_id is missing')
  const secretHashes = [
    ...read('client_secret', members.oneOrTwo(members.plainSecret), []),
    ...read('client_secret_hash', members.oneOrTwo(members.hashedSecret), []),
  ]
  const token_endpoint_auth_method = read(
    'token_endpoint_auth_method',
    members.member(supported.clientAuthMethods),
    secretHashes.length > 0 ? 'client_secret_basic' : 'none',
  )
  const grant_types = read('grant_types', members.listOf(members.member(supported.grantTypes)), ['authorization_code'])
  const redirect_uris = read('redirect_uris', members.listOf(members.redirectUri), [])
  const optional = (name: string) => definedOnly(name, read(name, members.webUri, undefined as string | undefined))

  const broken = ['client_secret', 'client_secret_hash', 'redirect_uris'].filter((name) =>
    lines.some((line) => line.startsWith(name)),
  )
  if (secretHashes.length > 2) lines.push('has more than two live secrets in client_secret and client_secret_hash')
  if (token_endpoint_auth_method === 'none' && secretHashes.length > 0) {
    lines.push('token_endpoint_auth_method none does not go with a client_secret; leave one of them out')
  }
  if (token_endpoint_auth_method.startsWith('client_secret') && secretHashes.length === 0 && broken.length === 0) {
    lines.push(`token_endpoint_auth_method ${token_endpoint_auth_method} needs a client_secret or client_secret_hash`)
  }
  if (grant_types.includes('authorization_code') && redirect_uris.length === 0 && broken.length === 0) {
    lines.push('redirect_uris must name at least one URI for the grant type authorization_code')
  }
  const client: Client = {
    client_id,
    client_name: read('client_name', members.shortText, client_id),
    ...optional('client_uri'),
    ...optional('logo_uri'),
    ...optional('policy_uri'),
    ...optional('tos_uri'),
    contacts: read('contacts', members.listOf(members.shortText), []),
    redirect_uris,
    grant_types,
    response_types: read('response_types', members.listOf(members.member(['code'])), ['code']),
    scope: read('scope', scopeAmong(supported.scopes), supported.scopes),
    token_endpoint_auth_method,
    secretHashes,
    allowed_origins: read('allowed_origins', members.listOf(members.origin), []),
  }
  if (lines.length > 0) throw new Problems(...lines)
  return client
}

const MEMBERS = [
  'client_id',
  'client_secret',
  'client_secret_hash',
  'client_name',
  'client_uri',
  'logo_uri',
  'policy_uri',
  'tos_uri',
  'contacts',
  'redirect_uris',
  'grant_types',
  'response_types',
  'scope',
  'token_endpoint_auth_method',
  'allowed_origins',
] // prettier-ignore

/** Unknown metadata are ignored (RFC 7591 §2), but a name one or two letters off a known one is surely a slip. */
function unknownMembers(entry: Record<string, unknown>): string[] {
  return Object.keys(entry).flatMap((name) => {
    if (MEMBERS.includes(name)) return []
    const close = nearest(name, MEMBERS)
    return close !== undefined && editDistance(name, close) <= 2
      ? [`${quoted(name)} is unknown; did you mean ${close}?`]
      : []
  })
}

function nameOf(entry: unknown): string {
  return members.isRecord(entry) && typeof entry.client_id === 'string' ? ` (client ${quoted(entry.client_id)})` : ''
}

function definedOnly<K extends string>(name: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { [P in K]?: string }
}

/** The scopes of a client; each must have its sentence for the consent page. */
function scopeAmong(known: readonly string[]): members.Reader<readonly string[]> {
  return (value) => {
    if (typeof value !== 'string')
      throw new Problems(`must be a string of scope names parted by spaces, not ${quoted(value)}`)
    const names = splitScope(value)
    const foreign = names.find((name) => name !== OFFLINE_ACCESS && !known.includes(name))
    if (foreign !== undefined) throw new Problems(`has the name ${quoted(foreign)}, which SCOPES does not describe`)
    return names
  }
}
