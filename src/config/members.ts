import { sha256 } from '../lib/digest.ts'
import { redirectUriProblem } from '../oauth/redirect-uri.ts'
import { Problems, quoted } from './problem.ts'

/** Readers of JSON members: each gives the value, or throws Problems whose line goes on from the member's name. */
export type Reader<T> = (value: unknown) => T

const SHORTEST_SECRET = 32

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function clientId(value: unknown): string {
  // RFC 6749 Appendix A.1 would allow a space; nobody can tell it from a mistake.
  if (typeof value === 'string' && /^[\x21-\x7e]{1,200}$/.test(value)) return value
  throw new Problems(`must be 1 to 200 printable ASCII characters without spaces, not ${quoted(value)}`)
}

export function shortText(value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '' && value.length <= 200 && !/\p{Cc}/u.test(value)) return value
  throw new Problems(`must be text of 1 to 200 characters, not ${quoted(value)}`)
}

export function redirectUri(value: unknown): string {
  if (typeof value !== 'string') throw new Problems(`must be a string, not ${quoted(value)}`)
  const problem = redirectUriProblem(value)
  if (problem !== undefined) throw new Problems(`${quoted(value)} ${problem}`)
  return value
}

export function webUri(value: unknown): string {
  if (typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value)) return value
  throw new Problems(`must be an https:// address, not ${quoted(value)}`)
}

export function origin(value: unknown): string {
  if (typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value) return value
  throw new Problems(`must be an origin such as https://app.example.com, without a path, not ${quoted(value)}`)
}

export function plainSecret(value: unknown): string {
  if (typeof value === 'string' && value.length >= SHORTEST_SECRET) return sha256(value)
  throw new Problems(`must have at least ${SHORTEST_SECRET} characters`)
}

export function hashedSecret(value: unknown): string {
  const match = typeof value === 'string' ? /^sha256:([A-Za-z0-9_-]{43})$/.exec(value) : null
  if (match !== null) return match[1] as string
  throw new Problems('must be sha256: and the 43 characters of the base64url SHA-256 of the secret')
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
    return value.map(reader)
  }
}

export function oneOrTwo<T>(reader: Reader<T>): Reader<T[]> {
  return (value) => (Array.isArray(value) ? listOf(reader)(value) : [reader(value)])
}
