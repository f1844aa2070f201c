import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { parseUrl } from '../lib/parse-url.ts'
import type { Address } from './address.ts'
import { Problems, quoted } from './problem.ts'

/** Parsers of environment variables: text in, value out, Problems thrown. The texts are never empty: empty means unset. */

export function text(value: string): string {
  return value
}

/** A whole number of seconds (or of anything) within bounds. */
export function integer(bounds: { min: number; max: number }): (value: string) => number {
  return (value) => {
    const number = /^\d{1,12}$/.test(value) ? Number(value) : Number.NaN
    if (number >= bounds.min && number <= bounds.max) return number
    throw new Problems(`must be a whole number from ${bounds.min} to ${bounds.max}, not ${quoted(value)}`)
  }
}

/** Seconds with up to three decimals. */
export function seconds(bounds: { min: number; max: number }): (value: string) => number {
  return (value) => {
    const number = /^\d{1,9}(\.\d{1,3})?$/.test(value) ? Number(value) : Number.NaN
    if (number >= bounds.min && number <= bounds.max) return number
    throw new Problems(`must be seconds from ${bounds.min} to ${bounds.max}, not ${quoted(value)}`)
  }
}

export function boolean(value: string): boolean {
  if (value === 'true') return true
  if (value === 'false') return false
  throw new Problems(`must be true or false, not ${quoted(value)}`)
}

export function oneOf<T extends string>(...choices: readonly T[]): (value: string) => T {
  return (value) => {
    const choice = choices.find((candidate) => candidate === value)
    if (choice !== undefined) return choice
    throw new Problems(`must be one of ${choices.join(', ')}, not ${quoted(value)}`)
  }
}

/** The issuer identifier (RFC 8414 §2): an http(s) URL in its canonical spelling, without query, fragment or final slash. */
export function issuer(value: string): string {
  // A value with an @ is not repeated: it may hold a password.
  const shown = value.includes('@') ? 'this value' : quoted(value)
  if (parseUrl(value) === undefined) throw new Problems(`must be a URL such as https://auth.example.com, not ${shown}`)
  const url = new URL(value)
  if (url.username !== '' || url.password !== '') throw new Problems('must not have a user name or password')
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new Problems(`must begin with https://, not ${shown}`)
  if (value.includes('?') || value.includes('#'))
    throw new Problems('must not have a query or a fragment (RFC 8414 §2)')
  const canonical = url.origin + url.pathname.replace(/\/+$/, '')
  // Clients compare the issuer byte by byte, so a second spelling of it breaks them.
  if (canonical !== value) throw new Problems(`must be written ${canonical}, not ${quoted(value)}`)
  if (!/^[A-Za-z0-9._~/-]*$/.test(url.pathname) || url.pathname.includes('//')) {
    throw new Problems('may have only letters, digits and - . _ ~ in its path')
  }
  return canonical
}

/** A resource indicator (RFC 8707 §2): an absolute URI without a fragment. */
export function resource(value: string): string {
  if (parseUrl(value) === undefined || value.includes('#')) {
    throw new Problems(`must be an absolute URI without a fragment, not ${quoted(value)}`)
  }
  if (/\s/.test(value)) throw new Problems('must not have blanks')
  return value
}

export function redisUrl(value: string): string {
  // The value is not repeated: it may hold a password.
  if (!/^rediss?:\/\/[^/?#]/.test(value) || parseUrl(value) === undefined)
    throw new Problems('must be redis://host:port or rediss://host:port')
  return value
}

/** Comma-separated addresses, each host:port and each once; an IPv6 host stands in brackets. */
export function addresses(value: string): Address[] {
  const all = value.split(',').map((part, index) => {
    const [, name = '', digits = ''] = /^(\[[\da-f:.]+\]|[\w.-]+):(\d{1,5})$/i.exec(part.trim()) ?? []
    const host = name.replace(/^\[|\]$/g, '')
    const port = Number(digits)
    // The value is not repeated: someone may have put a URL with a password here.
    if (host === '' || (name.startsWith('[') && isIP(host) !== 6) || port < 1 || port > 65535)
      throw new Problems(`must be addresses host:port, parted by commas; number ${index + 1} is none`)
    return { host, port }
  })
  // Of sentinels most have to agree, and one that is named twice would have two votes.
  const again = all.findIndex((one, index) => all.findIndex(isSameAs(one)) < index)
  if (again !== -1) throw new Problems(`must name each address once; number ${again + 1} stands there before`)
  return all
}

const isSameAs = (one: Address) => (other: Address) => other.host === one.host && other.port === one.port

/** Certificates in PEM. */
export function certificates(value: string): string {
  try {
    new X509Certificate(value)
  } catch {
    throw new Problems('must be certificates in PEM, beginning with -----BEGIN CERTIFICATE-----')
  }
  return value
}

/** An http(s) address without user name, query or fragment. It may have a path. */
export function collectorUrl(value: string): string {
  // The value is not repeated: it may hold a password.
  if (!/^https?:\/\/[^/?#@]+(?:\/[^?#@]*)?$/.test(value) || parseUrl(value) === undefined) {
    throw new Problems('must be a URL such as http://collector:4318, without user name, query or fragment')
  }
  return value
}

/** Comma-separated secrets of at least 32 characters each, the newest first. */
export function secrets(value: string): string[] {
  const list = value.split(',').map((secret) => secret.trim())
  const short = list.findIndex((secret) => secret.length < 32)
  if (short === -1) return list
  throw new Problems(`must be secrets of at least 32 characters each, parted by commas; number ${short + 1} is shorter`)
}

/** One secret of at least 32 characters. */
export function salt(value: string): string {
  if (value.length >= 32) return value
  throw new Problems('must have at least 32 characters')
}

/** Express's own values of `trust proxy`: true, false, a number of hops, or a list of addresses, subnets and names. */
export function trustProxy(value: string): boolean | number | string[] {
  if (value === 'true' || value === 'false') return value === 'true'
  if (/^\d{1,2}$/.test(value)) return Number(value)
  const list = value.split(',').map((part) => part.trim())
  const wrong = list.find((part) => !isTrustedPart(part))
  if (wrong === undefined) return list
  throw new Problems(
    `must be true, false, a number of proxies, or a list of addresses, subnets, loopback, linklocal or uniquelocal; ${quoted(wrong)} is none of them`,
  )
}

function isTrustedPart(part: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(part)) return true
  const [address = '', bits, more] = part.split('/')
  const family = isIP(address)
  if (family === 0 || more !== undefined) return false
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

/** JSON, with what JSON.parse has to say where it is broken. */
export function json(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch (error) {
    throw new Problems(`must be JSON: ${redactedSyntaxError(error)}`)
  }
}

/** V8 quotes a piece of the text in its message, which may be a piece of a secret; its position says enough. */
function redactedSyntaxError(error: unknown): string {
  const position = /at position (\d+)(?: \(line (\d+) column (\d+)\))?$/.exec(String(error))
  if (position === null) return 'it ends too early or has a wrong character'
  return position[2] === undefined
    ? `it breaks at character ${position[1]}`
    : `it breaks at line ${position[2]}, column ${position[3]}`
}
