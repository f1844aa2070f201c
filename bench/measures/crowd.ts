import { refresh } from '../operations/refresh.ts'
import type { Plan } from '../plan.ts'
import { median } from '../statistics.ts'
import type { RunningSite } from './site.ts'
import { measureSound } from './window.ts'

/** How evenly a crowd is served. */
export interface Crowd {
  /** Milliseconds. */
  p50: number
  p99: number
  /** The median of p99 / p50 of each round. */
  spread: number
}

const CONNECTIONS = 128
const OPERATIONS_EACH = 20

/** Refreshes over very many connections at once. */
export async function measureCrowd({ servers }: RunningSite, plan: Plan): Promise<Crowd> {
  const looks = []
  for (let round = 0; round < plan.extraRounds; round++) {
    looks.push(
      await measureSound(refresh, [servers.latchkey], { count: CONNECTIONS * OPERATIONS_EACH, lanes: CONNECTIONS }),
    )
  }
  return {
    p50: median(looks.map(({ p50 }) => p50)),
    p99: median(looks.map(({ p99 }) => p99)),
    spread: median(looks.map(({ p50, p99 }) => p99 / p50)),
  }
}
