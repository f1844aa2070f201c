import { canonicalUsername } from '../config/users.ts'
import { sha256 } from '../lib/digest.ts'
import type { AttemptPolicy, Claim, Wait } from '../store/attempts.ts'

const SECOND = 1000

/**
 * What every count has in common. A minute is short enough that nobody calls it being locked out, and long enough that a
 * guesser with one address has 1440 guesses a day. A quarter of an hour is long after whoever mistyped has stopped.
 */
const PACE = { firstWait: SECOND, longestWait: 60 * SECOND, memory: 15 * 60 * SECOND }

/**
 * One network, or one browser that is known. Five slips with one name cost nothing, which is as many as people make before
 * they look for the password. Fifty with any names: an office or a school behind one address slips that often, and who
 * sprays one password over many names is told from it.
 */
export const ONE_CALLER: AttemptPolicy = { ...PACE, freeByName: 5, freeByNetwork: 50 }

/**
 * All strangers at one account together, wherever they are: so many addresses are no more guesses. More than one caller has,
 * since it makes the owner wait too, at a browser that was never signed in.
 */
export const ALL_STRANGERS: AttemptPolicy = { ...PACE, freeByName: 20, freeByNetwork: 20 }

/** Who signs in, from where. */
export interface Caller {
  /** As accountOf gives it. */
  account: string
  username: string
  network: string
  /** The id of the browser for this account, where it was signed in to it before. */
  device: string | undefined
  now: number
}

/** One count that an attempt is judged by. */
export interface Count {
  claim: Claim
  policy: AttemptPolicy
  /** What has failed too often where the wait is over that, as the audit event tells it. */
  over(wait: Wait): string
}

/** What an account is counted under, whether it exists or not: a digest, since the name comes from a stranger. */
export function accountOf(username: string): string {
  return sha256(canonicalUsername(username))
}

/**
 * The two counts of an attempt to sign in: that of the account first, that of the address after it.
 *
 * By account, a known browser is counted alone, and strangers together. By address every name passes for a registered one:
 * anything else would tell which names are.
 */
export function countsOf({ account, username, network, device, now }: Caller): readonly [Count, Count] {
  const claimed = canonicalUsername(username)
  const byAddress: Claim = { network, claimed, registered: true, now }
  return [
    device === undefined
      ? {
          claim: { network: `account:${account}`, claimed: 'stranger', registered: false, now },
          policy: ALL_STRANGERS,
          over: () => 'account',
        }
      : {
          claim: { network: `device:${device}`, claimed, registered: true, now },
          policy: ONE_CALLER,
          over: () => 'device',
        },
    { claim: byAddress, policy: ONE_CALLER, over: (wait) => wait.over },
  ]
}
