import { isRecord } from '../lib/json-object.ts'
import { nearest } from '../lib/nearest.ts'
import type { Client } from '../oauth/client.ts'
import type { Resource, Resources } from '../oauth/resource.ts'
import { listOf, scopeNames, wholeNumber } from './members.ts'
import { json, resource as readUri } from './parsers.ts'
import { Problems, quoted } from './problem.ts'

const MEMBERS = ['scopes', 'access_token_ttl', 'introspected_by']

/** What the entries of RESOURCES are checked against and filled up with. */
interface Known {
  /** Undefined where SCOPES could not be read. */
  scopes: readonly string[] | undefined
  /** Milliseconds. */
  accessTokenLifetime: number
  /** Seconds; an access token must not outlive the record it came from. */
  longestTtl: number
}

/**
 * The resources of the RESOURCES variable, the default one among them.
 *
 * @param fallbackUri the resource that is meant where a request names none
 * @throws Problems naming the resource and the member at fault
 */
export function readResources(value: string, fallbackUri: string, known: Known): Resources {
  const entries = json(value)
  if (!isRecord(entries)) throw new Problems('must be a JSON object: resource URI to its settings')
  const lines: string[] = []
  const byUri = new Map<string, Resource>()
  for (const [uri, entry] of Object.entries(entries)) {
    try {
      byUri.set(readUri(uri), readResource(uri, entry, known))
    } catch (error) {
      if (!(error instanceof Problems)) throw error
      lines.push(...error.lines.map((line) => `${quoted(uri)} ${line}`))
    }
  }
  if (lines.length > 0) throw new Problems(...lines)
  const { accessTokenLifetime } = known
  const plain = { uri: fallbackUri, scopes: undefined, accessTokenLifetime, introspectedBy: [] }
  const fallback = byUri.get(fallbackUri) ?? plain
  byUri.set(fallbackUri, fallback)
  return { byUri, fallback }
}

/** Sentences about backends of resources that no client is registered for. */
export function unknownIntrospectors(resources: Resources, clients: readonly Client[]): string[] {
  const known = clients.map((client) => client.client_id)
  return [...resources.byUri.values()].flatMap(({ uri, introspectedBy }) =>
    introspectedBy
      .filter((clientId) => !known.includes(clientId))
      .map(
        (clientId) => `RESOURCES ${quoted(uri)} introspected_by names ${quoted(clientId)}, which CLIENTS does not have`,
      ),
  )
}

function readResource(uri: string, entry: unknown, known: Known): Resource {
  if (!isRecord(entry)) throw new Problems('must be an object such as {"scopes":"read write"}')
  const foreign = Object.keys(entry).find((name) => !MEMBERS.includes(name))
  if (foreign !== undefined)
    throw new Problems(`has the member ${quoted(foreign)}; did you mean ${nearest(foreign, MEMBERS)}?`)
  const { scopes, access_token_ttl: ttl, introspected_by: introspectedBy } = entry
  return {
    uri,
    scopes: scopes === undefined ? undefined : named('scopes', () => scopeNames(known.scopes)(scopes)),
    accessTokenLifetime:
      ttl === undefined
        ? known.accessTokenLifetime
        : named('access_token_ttl', () => wholeNumber({ min: 10, max: known.longestTtl })(ttl)) * 1000,
    introspectedBy: introspectedBy === undefined ? [] : named('introspected_by', () => listOf(text)(introspectedBy)),
  }
}

function text(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value
  throw new Problems(`must be client_ids, not ${quoted(value)}`)
}

function named<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Problems)) throw error
    throw new Problems(...error.lines.map((line) => `${name} ${line}`))
  }
}
