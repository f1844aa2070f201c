import type { OperationName } from '../operations/operation.ts'
import { operations } from '../operations/registry.ts'
import type { Plan } from '../plan.ts'
import type { CpuProfile } from '../profile.ts'
import { type Shares, sharesOf } from '../shares.ts'
import { profileOperation } from './profile.ts'
import type { RunningSite } from './site.ts'

/** The operations whose profile is told. */
export const PROFILED = ['redeem', 'refresh', 'authorize'] as const satisfies readonly OperationName[]

export type SharesByOperation = Record<(typeof PROFILED)[number], Shares>

/** Where latchkey spends the time of its main thread. */
export async function measureShares(site: RunningSite, plan: Plan): Promise<SharesByOperation> {
  const measured: Partial<SharesByOperation> = {}
  for (const name of PROFILED) {
    const operation = operations.find((one) => one.name === name)
    if (operation === undefined) throw new Error(`there is no operation ${name}`)
    const taken = await profileOperation(operation, site, plan)
    measured[name] = sharesOf(JSON.parse(taken.profile) as CpuProfile, taken.operations)
  }
  return measured as SharesByOperation
}
