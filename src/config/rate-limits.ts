import { nearest } from '../lib/nearest.ts'
import { Problems, quoted } from './problem.ts'

/** How many requests of one caller are answered in a window of time. */
export interface RateLimit {
  requests: number
  /** The length of the window in milliseconds. */
  window: number
}

/** What is limited by the address that a request comes from. */
export type AddressLimit = 'sign-in-by-address' | 'authorize-by-address' | 'par-by-address' | 'token-by-address'

/** What is limited by the client that a request has proven to come from. */
export type ClientLimit = 'par-by-client' | 'token-by-client' | 'introspection-by-client'

export type RateLimitName = AddressLimit | ClientLimit

/** The limits by name; undefined where there is none. */
export type RateLimits = Readonly<Record<RateLimitName, RateLimit | undefined>>

const MINUTE = 60_000
const OFF = 'off'
const MOST_REQUESTS = 1_000_000_000
const LONGEST_WINDOW = 86_400

/** Generous: they are there for floods. */
export const DEFAULT_RATE_LIMITS: RateLimits = {
  'sign-in-by-address': { requests: 60, window: MINUTE },
  'authorize-by-address': { requests: 600, window: MINUTE },
  'par-by-address': { requests: 600, window: MINUTE },
  'token-by-address': { requests: 1200, window: MINUTE },
  'par-by-client': { requests: 3000, window: MINUTE },
  'token-by-client': { requests: 6000, window: MINUTE },
  'introspection-by-client': { requests: 60_000, window: MINUTE },
}

const NAMES = Object.keys(DEFAULT_RATE_LIMITS) as RateLimitName[]

/** The limits as RATE_LIMITS is written. */
export function writeRateLimits(limits: RateLimits): string {
  return NAMES.map((name) => `${name}=${writeLimit(limits[name])}`).join(',')
}

function writeLimit(limit: RateLimit | undefined): string {
  return limit === undefined ? OFF : `${limit.requests}/${limit.window / 1000}`
}

/** The parser of RATE_LIMITS. Throws Problems naming every entry that is wrong. */
export function rateLimits(value: string): RateLimits {
  if (value === OFF) return Object.fromEntries(NAMES.map((name) => [name, undefined])) as RateLimits
  const problems: string[] = []
  const given = new Map<RateLimitName, RateLimit | undefined>()
  for (const entry of value.split(',').map((part) => part.trim())) {
    const [name = '', ...rest] = entry.split('=')
    const problem = isName(name) ? readLimit(name, rest.join('='), given) : unknown(name)
    if (problem !== undefined) problems.push(problem)
  }
  if (problems.length > 0) throw new Problems(...problems)
  return Object.freeze({ ...DEFAULT_RATE_LIMITS, ...Object.fromEntries(given) })
}

function isName(name: string): name is RateLimitName {
  return Object.hasOwn(DEFAULT_RATE_LIMITS, name)
}

function unknown(name: string): string {
  const close = nearest(name, NAMES)
  return `has ${quoted(name)}, which is no limit; did you mean ${close}?`
}

/** Adds a limit to those that are given. Answers with a problem, where there is one. */
function readLimit(
  name: RateLimitName,
  text: string,
  given: Map<RateLimitName, RateLimit | undefined>,
): string | undefined {
  if (given.has(name)) return `has ${name} twice`
  if (text === OFF) {
    given.set(name, undefined)
    return undefined
  }
  const [, requests, seconds] = /^(\d{1,10})\/(\d{1,5})$/.exec(text) ?? []
  const limit = { requests: Number(requests), window: Number(seconds) * 1000 }
  const fits = isWithin(limit.requests, MOST_REQUESTS) && isWithin(limit.window / 1000, LONGEST_WINDOW)
  if (!fits) {
    return `has ${name}=${quoted(text)}: it must be requests/seconds such as 600/60, at most ${MOST_REQUESTS}/${LONGEST_WINDOW}, or ${OFF}`
  }
  given.set(name, limit)
  return undefined
}

function isWithin(number: number, most: number): boolean {
  return number >= 1 && number <= most
}
