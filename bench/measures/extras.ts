import type { Plan } from '../plan.ts'
import type { Extras } from '../results.ts'
import { measureBytes } from './bytes.ts'
import { measureCrowd } from './crowd.ts'
import { measureForeignKeys } from './foreign-keys.ts'
import { measureLongRun } from './long-run.ts'
import { countRoundTrips } from './round-trips.ts'
import { measureShares } from './shares.ts'
import { measureSignInStorm } from './sign-in-storm.ts'
import type { RunningSite } from './site.ts'
import { measureTwoProcesses } from './two-processes.ts'

/** Everything but the operations, one after the other. @param tell is told what comes next */
export async function measureExtras(site: RunningSite, plan: Plan, tell: (what: string) => void): Promise<Extras> {
  const next = <T>(what: string, look: () => Promise<T>) => {
    tell(what)
    return look()
  }
  return {
    roundTrips: await next('round trips', () => countRoundTrips(site)),
    bytes: await next('bytes', () => measureBytes(site)),
    crowd: await next('128 connections', () => measureCrowd(site, plan)),
    signInStorm: await next('sign-ins beside refreshes', () => measureSignInStorm(site, plan)),
    foreignKeys: await next('foreign keys', () => measureForeignKeys(site, plan)),
    twoProcesses: await next('two processes', () => measureTwoProcesses(site, plan)),
    longRun: await next(`${plan.flows} flows`, () => measureLongRun(site, plan)),
    // The last one: profiles take memory in the process.
    shares: await next('where the time goes', () => measureShares(site, plan)),
  }
}
