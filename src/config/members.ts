import { sha256 } from '../lib/digest.ts'
import { isBase64Url } from '../lib/encoding.ts'
import { isRecord } from '../lib/json-object.ts'
import { parseUrl } from '../lib/parse-url.ts'
import type { AccessTokenFormat, AccessTokenFormats } from '../oauth/client.ts'
import { OPENID_SCOPES } from '../oauth/openid-claims.ts'
import { redirectUriProblem } from '../oauth/redirect-uri.ts'
import { OFFLINE_ACCESS, splitScope } from '../oauth/scope.ts'
import { Problems, quoted } from './problem.ts'

/** Readers of JSON members: each gives the value, or throws Problems whose line goes on from the member's name. */
export type Reader<T> = (value: unknown) => T

const SHORTEST_SECRET = 32
/** The host may have no user name before it; an @ further on is part of a path, as in /@name. */
const WEB_URI = /^https?:\/\/[^/?#\\@\s\p{Cc}]+([/?#][^\s\p{Cc}]*)?$/u

export function clientId(value: unknown): string {
  // RFC 6749 Appendix A.1 would allow a space; nobody can tell it from a mistake.
  if (typeof value === 'string' && /^[\x21-\x7e]{1,200}$/.test(value)) return value
  throw new Problems(`must be 1 to 200 printable ASCII characters without spaces, not ${quoted(value)}`)
}

export function isShortText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= 200 && !/\p{Cc}/u.test(value)
}

export function shortText(value: unknown): string {
  if (isShortText(value)) return value
  throw new Problems(`must be text of 1 to 200 characters, not ${quoted(value)}`)
}

export function redirectUri(value: unknown): string {
  if (typeof value !== 'string') throw new Problems(`must be a string, not ${quoted(value)}`)
  const problem = redirectUriProblem(value)
  if (problem !== undefined) throw new Problems(`${quoted(value)} ${problem}`)
  return value
}

export function webUri(value: unknown): string {
  if (typeof value === 'string' && WEB_URI.test(value) && parseUrl(value) !== undefined) return value
  throw new Problems(
    `must be an address that begins with https:// or http://, without a user name, not ${quoted(value)}`,
  )
}

export function origin(value: unknown): string {
  const isWeb = typeof value === 'string' && /^https?:/.test(value) && parseUrl(value) !== undefined
  if (isWeb && new URL(value).origin === value) return value
  throw new Problems(`must be an origin such as https://app.example.com, without a path, not ${quoted(value)}`)
}

export function plainSecret(value: unknown): string {
  if (typeof value === 'string' && value.length >= SHORTEST_SECRET) return sha256(value)
  throw new Problems(`must have at least ${SHORTEST_SECRET} characters`)
}

export function hashedSecret(value: unknown): string {
  const match = typeof value === 'string' ? /^sha256:([A-Za-z0-9_-]{43})$/.exec(value) : null
  if (match !== null && isBase64Url(match[1] as string)) return match[1] as string
  throw new Problems('must be sha256: and the 43 characters of the base64url SHA-256 of the secret')
}

export function flag(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw new Problems(`must be true or false, not ${quoted(value)}`)
}

export function member(names: readonly string[]): Reader<string> {
  return (value) => {
    if (typeof value === 'string' && names.includes(value)) return value
    throw new Problems(`must be one of ${names.join(', ')}, not ${quoted(value)}`)
  }
}

export function listOf<T>(reader: Reader<T>): Reader<T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw new Problems(`must be an array, not ${quoted(value)}`)
    if (new Set(value).size !== value.length) throw new Problems('names something twice')
    return value.map(reader)
  }
}

export function oneOrTwo<T>(reader: Reader<T>): Reader<T[]> {
  return (value) => {
    if (!Array.isArray(value)) return [reader(value)]
    if (value.length !== 1 && value.length !== 2) throw new Problems('must be one or two secrets')
    return value.map(reader)
  }
}

/** A whole number within bounds. */
export function wholeNumber(bounds: { min: number; max: number }): Reader<number> {
  return (value) => {
    if (Number.isSafeInteger(value) && (value as number) >= bounds.min && (value as number) <= bounds.max)
      return value as number
    throw new Problems(`must be a whole number from ${bounds.min} to ${bounds.max}, not ${quoted(value)}`)
  }
}

/**
 * Scope names parted by spaces, each of which has its sentence for the consent page: in SCOPES, or those of OpenID Connect.
 *
 * @param known undefined where SCOPES could not be read, which is told by itself
 */
export function scopeNames(known: readonly string[] | undefined): Reader<readonly string[]> {
  return (value) => {
    if (typeof value !== 'string')
      throw new Problems(`must be a string of scope names parted by spaces, not ${quoted(value)}`)
    const names = splitScope(value)
    const always = [OFFLINE_ACCESS, ...OPENID_SCOPES]
    const foreign = names.find((name) => !always.includes(name) && known?.includes(name) === false)
    if (foreign !== undefined) throw new Problems(`has the name ${quoted(foreign)}, which SCOPES does not describe`)
    return names
  }
}

/** One form of access tokens for all resources, or an object from resource to form. */
export function accessTokenFormats(resources: readonly string[]): Reader<AccessTokenFormats> {
  const format = member(['jwt', 'opaque']) as Reader<AccessTokenFormat>
  return (value) => {
    if (!isRecord(value)) return format(value)
    return Object.fromEntries(
      Object.entries(value).map(([uri, name]) => {
        if (!resources.includes(uri))
          throw new Problems(`names the resource ${quoted(uri)}, which RESOURCES does not describe`)
        return [uri, format(name)]
      }),
    )
  }
}
