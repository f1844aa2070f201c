import type { OperationResult } from '../../bench/measures/rounds.ts'
import { quickPlan } from '../../bench/plan.ts'
import type { Extras, Results } from '../../bench/results.ts'
import { parts, type Shares } from '../../bench/shares.ts'

const figures = { cpu: 0.5, rate: 2000, p50: 8, p95: 10, p99: 12, max: 20, failures: {} }

/** An operation that reaches every goal, or not. */
export function operationResult(overrides: Partial<OperationResult['ratios']> = {}): OperationResult {
  return {
    servers: { latchkey: { ...figures }, 'express-floor': { ...figures, cpu: 0.45 } },
    ratios: { cpuToExpressFloor: 1.1, cpuToProvider: 0.4, rateToProvider: 2.5, ...overrides },
  }
}

/** Ten microseconds for each part. */
export function shares(): Shares {
  return Object.fromEntries(parts.map((part) => [part, 10])) as Shares
}

/** The extras of a run that reaches every goal. */
export function extras(overrides: Partial<Extras> = {}): Extras {
  const bytes = { code: 488, authorization: 500, perRefresh: 0 }
  return {
    roundTrips: {
      redeem: { latchkey: 1 },
      refresh: { latchkey: 1 },
      authorize: { latchkey: 2 },
      introspect: { latchkey: 1 },
    },
    bytes: { latchkey: bytes, 'oidc-provider': { code: 888, authorization: 1704, perRefresh: 816 } },
    crowd: { p50: 30, p99: 50, spread: 1.7 },
    foreignKeys: { keys: 1000, rate: 0.99 },
    twoProcesses: { gain: 1.9 },
    signInStorm: { calmP99: 10, stormP99: 15, ratio: 1.5 },
    shares: { redeem: shares(), refresh: shares(), authorize: shares() },
    longRun: { flows: 100, heapBefore: 2e7, heapAfter: 2e7, rssBefore: 1e8, rssAfter: 1.1e8, failures: 0 },
    ...overrides,
  }
}

/** A whole run that reaches every goal. */
export function results(overrides: Partial<Results> = {}): Results {
  const names = ['redeem', 'refresh', 'authorize', 'authorize+redeem', 'introspect', 'metadata', 'jwks']
  return {
    machine: {
      date: '2026-01-31',
      commit: 'abc1234',
      cpu: 'A Processor',
      cores: 8,
      memory: 2 ** 34,
      system: 'Linux 6.1',
      load: 0.05,
      versions: { node: '20.20.0', redis: '7.0.15', express: '5.3.0', 'oidc-provider': '9.13.3' },
    },
    plan: quickPlan,
    operations: Object.fromEntries(names.map((name) => [name, operationResult()])),
    extras: extras(),
    ...overrides,
  }
}
