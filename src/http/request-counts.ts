import type { RateLimit } from '../config/rate-limits.ts'
import { type BoundedMap, createBoundedMap } from '../lib/bounded-map.ts'
import type { RateLimitStore, RequestWindow } from '../store/rate-limits.ts'

/** How many callers a process remembers for each limit: some megabytes, however many addresses are made up. */
const MOST_CALLERS = 20_000

/** Which part of its limit a process counts by itself before it tells the others. */
const UNTOLD_PART = 10

/** The part of a limit beyond which every request is counted for all processes before it is answered. */
const EXACT_FROM = 0.5

/** How long a request waits to be counted, in milliseconds: it has work of its own that waits for the same store. */
const PATIENCE = 250

/** What counting a request came to. */
export interface Counted {
  /** Whether the request may go on. */
  allowed: boolean
  /** How many more may follow, as far as this process knows. */
  remaining: number
  /** When the window is over. */
  endsAt: number
  /** Whether it is the first that this process refused in the window. */
  firstRefused: boolean
}

/** Counts the requests of callers against one limit. */
export interface RequestCounts {
  count(who: string, now: number): Counted | Promise<Counted>
  /** Takes back what was counted last: the request counts elsewhere. */
  giveBack(who: string, now: number): void
}

/** What a process knows of one caller in one window. */
interface Tally {
  window: RequestWindow
  /** What this process counted. */
  own: number
  /** What it told the store of that. */
  told: number
  /** What other processes counted, as the store last said. */
  others: number
  /** Whether the store did not answer the last time: then this process counts for itself. */
  alone: boolean
  refusedAny: boolean
}

/**
 * Far below the limit a process counts in memory and tells the store every tenth of the limit without waiting for it, so that
 * requests cost no round trip. From half the limit on the store is asked, and its sum decides. Beyond the limit nothing is
 * asked any more until the window is over.
 */
export function createRequestCounts(name: string, limit: RateLimit, store: RateLimitStore): RequestCounts {
  const { requests: most, window: length } = limit
  const untold = Math.ceil(most / UNTOLD_PART)
  const tallies: BoundedMap<Tally> = createBoundedMap({ most: MOST_CALLERS, largest: MOST_CALLERS, sizeOf: () => 1 })

  const tallyOf = (who: string, now: number): Tally => {
    const startsAt = now - (now % length)
    const known = tallies.get(who)
    if (known?.window.startsAt === startsAt) return known
    const window = { limit: name, who, startsAt, length }
    const tally = { window, own: 0, told: 0, others: 0, alone: false, refusedAny: false }
    tallies.set(who, tally)
    return tally
  }

  /** The sum of all processes, or undefined where the store does not answer: a limit is no reason to refuse anyone then. */
  const tell = async (tally: Tally, now: number): Promise<number | undefined> => {
    const requests = tally.own - tally.told
    tally.told = tally.own
    const toldThen = tally.told
    try {
      const sum = await store.add(tally.window, requests, now)
      tally.others = Math.max(tally.others, sum - toldThen)
      tally.alone = false
      return sum
    } catch {
      tally.alone = true
      return undefined
    }
  }

  const answer = (tally: Tally, allowed: boolean): Counted => {
    const firstRefused = !allowed && !tally.refusedAny
    if (!allowed) tally.refusedAny = true
    const remaining = Math.max(0, most - tally.own - tally.others)
    return { allowed, remaining, endsAt: tally.window.startsAt + length, firstRefused }
  }

  const countExactly = async (tally: Tally, now: number): Promise<Counted> => {
    const sum = await soon(tell(tally, now))
    if (sum === undefined) tally.alone = true
    return answer(tally, sum === undefined || sum <= most)
  }

  return {
    count(who, now) {
      const tally = tallyOf(who, now)
      const sum = tally.own + tally.others + 1
      if (sum > most) return answer(tally, false)
      tally.own += 1
      if (sum > most * EXACT_FROM && !tally.alone) return countExactly(tally, now)
      if (tally.own - tally.told >= untold) void tell(tally, now)
      return answer(tally, true)
    },
    giveBack(who, now) {
      const tally = tallyOf(who, now)
      if (tally.own > 0) tally.own -= 1
    },
  }
}

/** What is known within PATIENCE, else undefined. What came while this process was busy with other things is known. */
async function soon<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => setImmediate(resolve, undefined), PATIENCE)
  })
  try {
    return await Promise.race([work, patience])
  } finally {
    clearTimeout(timer)
  }
}
