/** Codes, refresh tokens and opaque access tokens by their prefix; JWTs; the references of pushed requests. */
const HANDLES = /lk[a-z]_[A-Za-z0-9_.-]+|eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_.-]+|(?<=request_uri:)[A-Za-z0-9_.-]+/g

const BLOTTED = '[redacted]'

/**
 * What callers wrote, as it may stand in the log: a code or token that came in the place of something else is blotted out.
 *
 * @param about members of a log line
 */
export function withoutHandles(about: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(about).map(([name, value]) => [name, blotted(value)]))
}

function blotted(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(HANDLES, BLOTTED)
  return Array.isArray(value) ? value.map(blotted) : value
}
