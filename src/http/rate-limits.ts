import type { Request, Response } from 'express'
import type { AddressLimit, ClientLimit, RateLimitName, RateLimits } from '../config/rate-limits.ts'
import { type Clock, toSeconds } from '../lib/clock.ts'
import { networkOf } from '../lib/network.ts'
import { type Client, isPublic } from '../oauth/client.ts'
import { OAuthError } from '../oauth/errors.ts'
import type { RateLimitStore } from '../store/rate-limits.ts'
import type { Audit } from '../telemetry/events.ts'
import { type Counted, createRequestCounts, type RequestCounts } from './request-counts.ts'

/**
 * Limits how many requests of one caller are answered. Every counted answer to a program, and every refusal, has the fields
 * RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-11).
 */
export interface RateLimiter {
  /** Counts a request by its address. Throws OAuthError `temporarily_unavailable` with status 429 beyond the limit. */
  byAddress(limit: AddressLimit, req: Request, res: Response): Promise<void>
  /**
   * Counts a request by the client that it has proven to come from, and no longer by its address, if it was. Public clients prove nothing:
   * whoever names one goes on counting by address, or strangers could use its limit up. Throws as `byAddress` does.
   */
  byClient(limit: ClientLimit, client: Client, req: Request, res: Response): Promise<void>
}

/** Where a request was counted before its client had proven itself. */
const COUNTED_BEFORE: Readonly<Record<ClientLimit, AddressLimit | undefined>> = {
  'par-by-client': 'par-by-address',
  'token-by-client': 'token-by-address',
  'introspection-by-client': undefined,
}

/** The limits of pages. */
const FOR_PEOPLE: readonly RateLimitName[] = ['sign-in-by-address', 'authorize-by-address']

const POLICY_FIELD = 'RateLimit-Policy'
const STATE_FIELD = 'RateLimit'

/** One limit at work. */
interface Counter {
  counts: RequestCounts
  /** Its RateLimit-Policy. */
  policy: string
}

export function createRateLimiter(deps: {
  limits: RateLimits
  store: RateLimitStore
  clock: Clock
  audit: Audit
}): RateLimiter {
  const { limits, store, clock, audit } = deps
  const counters = new Map<RateLimitName, Counter>()
  for (const [key, limit] of Object.entries(limits)) {
    const name = key as RateLimitName
    if (limit === undefined) continue
    const policy = `"${name}";q=${limit.requests};w=${toSeconds(limit.window)}`
    counters.set(name, { counts: createRequestCounts(name, limit, store), policy })
  }

  const count = async (
    name: RateLimitName,
    who: string,
    about: { network: string; client_id?: string },
    res: Response,
  ) => {
    const counter = counters.get(name)
    if (counter === undefined) return
    const now = clock.now()
    const counted = await counter.counts.count(who, now)
    // A browser reads neither field; others at the same address could see in them how many people sign in there.
    if (counted.allowed && FOR_PEOPLE.includes(name)) return
    const seconds = secondsLeft(counted, now)
    res.setHeader(POLICY_FIELD, counter.policy)
    res.setHeader(STATE_FIELD, `"${name}";r=${counted.remaining};t=${seconds}`)
    if (counted.allowed) return
    const { network, ...more } = about
    if (counted.firstRefused) audit({ event: 'rate.limited', network, limit: name }, more)
    throw tooMany(name, seconds, about)
  }

  return {
    byAddress(limit, req, res) {
      const network = networkOf(req.ip)
      return count(limit, network, { network }, res)
    },
    async byClient(limit, client, req, res) {
      if (isPublic(client)) return
      const network = networkOf(req.ip)
      const before = COUNTED_BEFORE[limit]
      if (before !== undefined) {
        counters.get(before)?.counts.giveBack(network, clock.now())
        res.removeHeader(POLICY_FIELD)
        res.removeHeader(STATE_FIELD)
      }
      const { client_id } = client
      await count(limit, client_id, { network, client_id }, res)
    },
  }
}

/** At least one: whoever comes back at once would only be refused again. */
function secondsLeft({ endsAt }: Counted, now: number): number {
  return Math.max(1, Math.ceil((endsAt - now) / 1000))
}

/** The same code as for failed proofs, for the reasons that stand there: `client-auth/guessing.ts`. */
function tooMany(limit: RateLimitName, seconds: number, about: Record<string, unknown>): OAuthError {
  return new OAuthError('temporarily_unavailable', 'too many requests; try again later', {
    status: 429,
    cause: 'rate-limited',
    detail: { limit, ...about },
    headers: { 'Retry-After': `${seconds}` },
  })
}
