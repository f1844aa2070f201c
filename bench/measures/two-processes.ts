import { authorizeAndRedeem } from '../operations/authorize-and-redeem.ts'
import type { Plan } from '../plan.ts'
import { startLatchkey } from '../servers/latchkey.ts'
import { pairedRatio } from '../statistics.ts'
import type { RunningSite } from './site.ts'
import { measureSound } from './window.ts'

/** What a second process on the same Redis brings. */
export interface TwoProcesses {
  /**
   * How much more two processes do than one with all CPU they ask for: twice the CPU, divided by what an operation costs
   * more. The machine may have too few cores to show it as throughput.
   */
  gain: number
}

export async function measureTwoProcesses(site: RunningSite, plan: Plan): Promise<TwoProcesses> {
  const first = site.servers.latchkey
  const second = await startLatchkey(site)
  const one = { count: plan.operations, lanes: plan.lanes }
  const two = { count: plan.operations * 2, lanes: plan.lanes * 2 }
  await measureSound(authorizeAndRedeem, [second], { ...one, count: plan.warmUp })
  const costs: Record<'one' | 'two', number[]> = { one: [], two: [] }
  for (let round = 0; round < plan.extraRounds; round++) {
    const looks = [
      async () => costs.one.push((await measureSound(authorizeAndRedeem, [first], one)).cpu),
      async () => costs.two.push((await measureSound(authorizeAndRedeem, [first, second], two)).cpu),
    ]
    for (const look of round % 2 === 0 ? looks : looks.reverse()) await look()
  }
  await second.process.stop()
  return { gain: 2 * pairedRatio(costs.one, costs.two) }
}
