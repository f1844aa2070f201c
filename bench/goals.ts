import type { Ratios } from './measures/rounds.ts'
import type { OperationName } from './operations/operation.ts'
import type { Extras, Results } from './results.ts'
import { serverNames } from './servers/server.ts'

/** What the server is to reach. */
export interface Goal {
  name: string
  /** The value reached; undefined where the run did not measure it. */
  read(results: Results): number | undefined
  /** One of the two is given. */
  atMost?: number
  atLeast?: number
}

/** How a run stands against a goal. */
export interface Judgement {
  name: string
  /** The goal as a reader takes it, such as `≤ 1.25`. */
  goal: string
  value: number | undefined
  verdict: 'met' | 'missed' | 'not measured'
}

const FLOWS = ['redeem', 'refresh', 'authorize', 'authorize+redeem'] as const
const DOCUMENTS = ['metadata', 'jwks'] as const
const MEBIBYTE = 2 ** 20

const ratio = (operation: OperationName, name: keyof Ratios) => (results: Results) =>
  results.operations[operation]?.ratios[name]

const extra = (read: (extras: Extras) => number | undefined) => (results: Results) =>
  results.extras && read(results.extras)

export const goals: readonly Goal[] = [
  ...FLOWS.map((name) => ({
    name: `${name}: CPU, times the Express floor`,
    read: ratio(name, 'cpuToExpressFloor'),
    atMost: 1.25,
  })),
  ...[...FLOWS, ...DOCUMENTS].map((name) => ({
    name: `${name}: throughput, times oidc-provider`,
    read: ratio(name, 'rateToProvider'),
    atLeast: 2,
  })),
  ...(['redeem', 'refresh', 'introspect'] as const).map((name) => trips(name, 1)),
  trips('authorize', 2),
  { name: 'bytes of a code', read: extra(({ bytes }) => bytes.latchkey.code), atMost: 600 },
  { name: 'bytes of an authorization', read: extra(({ bytes }) => bytes.latchkey.authorization), atMost: 600 },
  { name: 'bytes added by a refresh', read: extra(({ bytes }) => bytes.latchkey.perRefresh), atMost: 0 },
  { name: 'p99 at 128 connections, times p50', read: extra(({ crowd }) => crowd.spread), atMost: 3 },
  { name: 'throughput beside foreign keys, share', read: extra(({ foreignKeys }) => foreignKeys.rate), atLeast: 0.95 },
  { name: 'two processes, times one', read: extra(({ twoProcesses }) => twoProcesses.gain), atLeast: 1.7 },
  { name: 'p99 during sign-ins, times calm', read: extra(({ signInStorm }) => signInStorm.ratio), atMost: 2 },
  { name: 'RSS after all flows, MiB', read: extra(({ longRun }) => longRun.rssAfter / MEBIBYTE), atMost: 200 },
  // An answer that is wrong may well be a fast one.
  { name: 'operations that failed', read: countFailures, atMost: 0 },
]

export function judge(all: readonly Goal[], results: Results): Judgement[] {
  return all.map(({ name, read, atMost, atLeast }) => {
    const value = read(results)
    const goal = atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`
    if (value === undefined) return { name, goal, value, verdict: 'not measured' }
    // Written so that NaN misses.
    const met = value <= (atMost ?? Number.POSITIVE_INFINITY) && value >= (atLeast ?? Number.NEGATIVE_INFINITY)
    return { name, goal, value, verdict: met ? 'met' : 'missed' }
  })
}

function trips(name: OperationName, atMost: number): Goal {
  return { name: `${name}: round trips to Redis`, read: extra(({ roundTrips }) => roundTrips[name]?.latchkey), atMost }
}

function countFailures({ operations, extras }: Results): number {
  const figures = Object.values(operations).flatMap(({ servers }) => serverNames.map((name) => servers[name]))
  const all = figures.flatMap((one) => Object.values(one?.failures ?? {}))
  return all.reduce((sum, times) => sum + times, extras?.longRun.failures ?? 0)
}
