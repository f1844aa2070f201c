import { parseUrl } from '../lib/parse-url.ts'

/**
 * Redirect URIs: one set of rules for configuration and for requests, so that what can be registered can be used and
 * nothing else. Requests are compared byte by byte (RFC 9700 §2.1), never normalised; only the port of a loopback
 * address may differ (RFC 8252 §7.3).
 */

/** Schemes that browsers or systems handle themselves: what comes back there reaches no client, or runs as code. */
const REFUSED_SCHEMES =
  /^(javascript|data|file|blob|vbscript|about|view-source|filesystem|wss?|ftp|mailto|tel|sms|intent|jar|feed|resource|search-ms|ms-.*|chrome.*|edge|opera|urn)$/
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(?::([1-9]\d{0,4}))?([/?].*)?$/
const WEB = /^https?:\/\/(\[[0-9a-f:.]+\]|[A-Za-z0-9.-]+)(:[1-9]\d{0,4})?([/?]|$)/
const PRIVATE_USE = /^[a-z][a-z0-9+.-]+:\/[^?]/
const LONGEST = 2000

/** What is wrong with a redirect URI at registration, as the end of a sentence that begins with it; undefined if nothing. */
export function redirectUriProblem(uri: string): string | undefined {
  if (uri.length > LONGEST) return `is longer than ${LONGEST} characters`
  if (!/^[\x21-\x7e]+$/.test(uri)) return 'has characters other than printable ASCII; percent-encode them'
  const scheme = /^([a-z][a-z0-9+.-]*):/.exec(uri)?.[1]
  if (scheme === undefined) return 'must be absolute and begin with a lower-case scheme, such as https://'
  if (REFUSED_SCHEMES.test(scheme)) return `uses the scheme ${scheme}:, which is never allowed`
  if (uri.includes('#')) return 'must not have a fragment (RFC 6749 §3.1.2)'
  if (/[\\"<>^`{|}]/.test(uri)) return 'has characters that URIs must percent-encode'
  if (/%(?![0-9a-f]{2})|%[01][0-9a-f]|%7f/i.test(uri))
    return 'has broken percent-encoding or an encoded control character'
  if (uri.includes('*')) return 'must not have a wildcard; register each URI'
  if (/^[a-z0-9+.-]+:\/\/[^/?]*@/.test(uri)) return 'must not have a user name or password'
  const isWeb = scheme === 'https' || scheme === 'http'
  // Two parsers read an empty or encoded host in two ways; one plain spelling leaves nothing to read differently.
  if (isWeb && !WEB.test(uri)) return 'must name a host in plain letters, digits, dots and hyphens'
  if (!isWeb && !PRIVATE_USE.test(uri)) {
    return 'must have a path after its scheme, such as com.example.app:/callback; is http:// missing?'
  }
  if (parseUrl(uri) === undefined) return 'is not a URI'
  if (/\/(\.|%2e){1,2}(?=[/;]|$)/i.test(uri.split('?')[0] as string)) return 'must not have dot segments'
  if (scheme === 'http' && !isLoopback(uri)) return 'must use https; http is for 127.0.0.1, [::1] and localhost only'
  return undefined
}

/** Whether the URI leads to the person's own machine over http. */
export function isLoopback(uri: string): boolean {
  return LOOPBACK.test(uri)
}

/** Whether any program on the person's machine could receive this redirect: loopback or a private-use scheme. */
export function isNativeRedirect(uri: string): boolean {
  return isLoopback(uri) || !uri.startsWith('https://')
}

/**
 * The registered URI that the requested one stands for, or undefined.
 *
 * `localhost` may vary its port only for clients whose URIs are all loopback or private-use: such a client is an
 * installed app, whatever its metadata say, and its port is not known beforehand.
 */
export function matchRedirectUri(requested: string, registered: readonly string[]): string | undefined {
  if (registered.includes(requested)) return requested
  const wanted = readLoopback(requested)
  if (wanted === undefined) return undefined
  const installedApp = registered.every(isNativeRedirect)
  return registered.find((uri) => {
    const known = readLoopback(uri)
    if (known === undefined || known.host !== wanted.host || known.rest !== wanted.rest) return false
    return known.host !== 'localhost' || installedApp
  })
}

/** The URI with the response parameters appended to its query (RFC 6749 §4.1.2); its own bytes stay as they are. */
export function withParams(uri: string, params: Readonly<Record<string, string | undefined>>): string {
  const query = Object.entries(params)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    // Not URLSearchParams: it writes a space as `+`, which many clients do not turn back.
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
  if (!uri.includes('?')) return `${uri}?${query}`
  return /[?&]$/.test(uri) ? `${uri}${query}` : `${uri}&${query}`
}

function readLoopback(uri: string): { host: string; rest: string } | undefined {
  const match = LOOPBACK.exec(uri)
  if (match === null || Number(match[2] ?? 80) > 65535) return undefined
  // An empty path and `/` are the same request to the same listener; editors add and remove that slash.
  const rest = match[3] ?? '/'
  return { host: match[1] as string, rest: rest.startsWith('?') ? `/${rest}` : rest }
}
