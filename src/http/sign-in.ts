import type { Request, Response } from 'express'
import { canonicalUsername } from '../config/users.ts'
import type { IdentitySource, User } from '../identity/identity-source.ts'
import { type Clock, toSeconds } from '../lib/clock.ts'
import { networkOf } from '../lib/network.ts'
import type { AttemptStore } from '../store/attempts.ts'
import type { Audit } from '../telemetry/events.ts'
import type { Cookies } from './cookies.ts'
import type { Devices } from './devices.ts'
import type { RateLimiter } from './rate-limits.ts'
import { accountOf, type Count, countsOf } from './sign-in-attempts.ts'

const SECOND = 1000

/** What a person typed. */
export interface Credentials {
  username: string
  password: string
  /** The client they sign in for, if any. */
  clientId?: string
}

/** Why a person is not signed in. */
export type SignInRefusal =
  | { status: 'wrong' }
  /** Too many failures of late. Whether the password was right does not show in it. */
  | { status: 'wait'; seconds: number }

export type SignInResult = { status: 'signed-in'; user: User } | SignInRefusal

/**
 * Signs a person in by username and password, so that guessing gets slower with each failure. Writes the audit events, and
 * the cookie by which the browser is known from then on. Does not begin the session: that is for its caller.
 *
 * @throws StoreUnavailable where the failures cannot be counted; OAuthError with status 429 where more sign-ins come from the
 * address than its limit allows
 */
export type SignIn = (req: Request, res: Response, credentials: Credentials) => Promise<SignInResult>

/** The waits that began with an attempt, in seconds, by what has failed too often. */
type Begun = Map<string, { failures: number; wait: number }>

export function createSignIn(deps: {
  identity: IdentitySource
  attempts: AttemptStore
  rateLimits: RateLimiter
  devices: Devices
  cookies: Cookies
  clock: Clock
  audit: Audit
}): SignIn {
  const { identity, attempts, rateLimits, devices, cookies, clock, audit } = deps

  const look = async (counts: readonly Count[]): Promise<number | undefined> => {
    const waits = await Promise.all(counts.map(({ claim }) => attempts.look(claim)))
    const standing = waits.filter((until) => until !== undefined)
    return standing.length === 0 ? undefined : Math.max(...standing)
  }

  /** Until when the attempt is refused, right or wrong; undefined where it counts. Notes the waits that begin with it. */
  const judge = async (counts: readonly Count[], right: boolean, begun: Begun): Promise<number | undefined> => {
    const now = clock.now()
    // One after the other: what the account's wait refuses neither counts for the address nor clears anything there.
    for (const { claim, policy, over } of counts) {
      const result = await attempts.judge({ ...claim, right, now }, policy)
      if (result.status === 'refused') return result.until
      if (result.status === 'passed') continue
      for (const wait of result.waits) {
        begun.set(over(wait), { failures: wait.failures, wait: toSeconds(wait.until - now) })
      }
    }
    return undefined
  }

  return async (req, res, { username, password, clientId }) => {
    const network = networkOf(req.ip)
    const about = clientId === undefined ? {} : { client_id: clientId }
    const refuse = (cause: string, refusal: SignInRefusal): SignInRefusal => {
      audit({ event: 'sign_in.failed', cause, network }, about)
      return refusal
    }
    const refuseUntil = (until: number) => {
      const seconds = Math.max(1, Math.ceil((until - clock.now()) / SECOND))
      return refuse('guessing', { status: 'wait', seconds })
    }
    // Nobody guesses with these, and a slip with the Enter key should cost nothing.
    if (canonicalUsername(username) === '' || password === '') {
      return refuse('missing-username-or-password', { status: 'wrong' })
    }

    await rateLimits.byAddress('sign-in-by-address', req, res)
    const account = accountOf(username)
    const cookie = cookies.device(req)
    const counts = countsOf({ account, username, network, device: devices.find(cookie, account), now: clock.now() })
    // A hash is dear, and during a wait for nothing. That none stands settles nothing yet: others are being judged.
    const standing = await look(counts)
    if (standing !== undefined) return refuseUntil(standing)

    const user = await identity.authenticate(username, password)
    const begun: Begun = new Map()
    const until = await judge(counts, user !== undefined, begun)
    if (begun.size > 0) {
      // The name is a stranger's text. Only the account that it stands for, if any, is written down.
      const subject = (await identity.named(username))?.subject
      const whose = { ...about, ...(subject === undefined ? {} : { subject }) }
      for (const [over, told] of begun) audit({ event: 'sign_in.guessing', network, over, ...told }, whose)
    }
    if (until !== undefined) return refuseUntil(until)
    if (user === undefined) return refuse('wrong-username-or-password', { status: 'wrong' })

    cookies.setDevice(res, devices.remember(cookie, account))
    audit({ event: 'sign_in.succeeded', subject: user.subject }, about)
    return { status: 'signed-in', user }
  }
}
