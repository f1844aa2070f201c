import { authorizeAndRedeem } from '../operations/authorize-and-redeem.ts'
import type { Plan } from '../plan.ts'
import type { RunningSite } from './site.ts'
import { measure } from './window.ts'

/** What stays in the process after very many flows. Bytes. */
export interface LongRun {
  flows: number
  heapBefore: number
  heapAfter: number
  rssBefore: number
  /** Before garbage is collected: what an operator sees. */
  rssAfter: number
  failures: number
}

export async function measureLongRun({ servers: { latchkey } }: RunningSite, plan: Plan): Promise<LongRun> {
  const before = await latchkey.process.usage(true)
  const { failures } = await measure(authorizeAndRedeem, [latchkey], { count: plan.flows, lanes: plan.lanes })
  const { rss } = await latchkey.process.usage()
  const after = await latchkey.process.usage(true)
  return {
    flows: plan.flows,
    heapBefore: before.heap,
    heapAfter: after.heap,
    rssBefore: before.rss,
    rssAfter: rss,
    failures: [...failures.values()].reduce((sum, times) => sum + times, 0),
  }
}
