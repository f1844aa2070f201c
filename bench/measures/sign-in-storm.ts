import { refresh } from '../operations/refresh.ts'
import type { Plan } from '../plan.ts'
import { signIn } from '../servers/latchkey.ts'
import { median, pairedRatio } from '../statistics.ts'
import type { RunningSite } from './site.ts'
import { measureSound } from './window.ts'

/** What people who sign in cost those who refresh. */
export interface SignInStorm {
  /** Milliseconds. */
  calmP99: number
  stormP99: number
  ratio: number
}

/** People who sign in all the time: each costs an argon2 hash. */
const PEOPLE = 8
const LANES = 8

export async function measureSignInStorm({ servers: { latchkey } }: RunningSite, plan: Plan): Promise<SignInStorm> {
  const load = { count: plan.operations, lanes: LANES }
  const p99: Record<'calm' | 'storm', number[]> = { calm: [], storm: [] }
  for (let round = 0; round < plan.extraRounds; round++) {
    p99.calm.push((await measureSound(refresh, [latchkey], load)).p99)
    p99.storm.push(await during(latchkey.url, async () => (await measureSound(refresh, [latchkey], load)).p99))
  }
  return { calmP99: median(p99.calm), stormP99: median(p99.storm), ratio: pairedRatio(p99.storm, p99.calm) }
}

async function during<T>(url: string, work: () => Promise<T>): Promise<T> {
  let over = false
  const person = async () => {
    while (!over) await signIn(url)
  }
  const people = Promise.all(Array.from({ length: PEOPLE }, person))
  try {
    return await work()
  } finally {
    over = true
    await people
  }
}
