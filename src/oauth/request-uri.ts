import type { Mac } from '../lib/mac.ts'
import type { Params } from './params.ts'

/** RFC 9126 §2.2 suggests this namespace. */
const PREFIX = 'urn:ietf:params:oauth:request_uri:'

const PROVEN_ID = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/

/**
 * The reference to a pushed request: `urn:ietf:params:oauth:request_uri:<id>.<mac>`. The id goes on as that of the
 * interaction and the authorization, where people and logs see it; the proof makes it worth nothing there.
 */
export function writeRequestUri(id: string, mac: Mac): string {
  return `${PREFIX}${id}.${mac.sign(id)}`
}

/** The id of the pushed request behind a reference, or undefined where this server did not make it. */
export function readRequestUri(requestUri: string, mac: Mac): string | undefined {
  const match = requestUri.startsWith(PREFIX) ? PROVEN_ID.exec(requestUri.slice(PREFIX.length)) : null
  if (match === null) return undefined
  const [, id, code] = match as unknown as [string, string, string]
  return mac.verify(id, code) ? id : undefined
}

/**
 * Whether an authorization request refers to one that was pushed. Any other request_uri would have to be fetched, which
 * this server never does.
 */
export function isPushed(params: Params): boolean {
  return params.request_uri?.startsWith(PREFIX) === true
}
