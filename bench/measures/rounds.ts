import type { Operation } from '../operations/operation.ts'
import type { Plan } from '../plan.ts'
import type { BenchServer, ServerName } from '../servers/server.ts'
import { median, pairedRatio, rotated } from '../statistics.ts'
import { measure, measureSound, type Window } from './window.ts'

type Figure = Exclude<keyof Window, 'failures'>

/** Medians over all rounds, and every failure. */
export type Figures = Record<Figure, number> & { failures: Record<string, number> }

/** How latchkey compares: medians of the ratios of each round. Undefined where the other server does not do it. */
export interface Ratios {
  cpuToExpressFloor: number | undefined
  cpuToProvider: number | undefined
  rateToProvider: number | undefined
}

export interface OperationResult {
  servers: Partial<Record<ServerName, Figures>>
  ratios: Ratios
}

const FIGURES: readonly Figure[] = ['cpu', 'rate', 'p50', 'p95', 'p99', 'max']

/**
 * Measures an operation on all servers that can do it. One server after the other in each round, each round begun by
 * another one, so that what changes on the machine meets all of them alike.
 */
export async function runRounds(
  operation: Operation,
  servers: Readonly<Record<ServerName, BenchServer>>,
  plan: Plan,
): Promise<OperationResult> {
  const windows = new Map<ServerName, Window[]>(operation.servers.map((name) => [name, []]))
  for (const name of operation.servers) {
    await measureSound(operation, [servers[name]], { count: plan.warmUp, lanes: plan.lanes })
  }
  const load = { count: plan.operations, lanes: plan.lanes }
  for (let round = 0; round < plan.rounds; round++) {
    for (const name of rotated(operation.servers, round)) {
      windows.get(name)?.push(await measure(operation, [servers[name]], load))
    }
  }
  return {
    servers: Object.fromEntries([...windows].map(([name, looks]) => [name, figuresOf(looks)])),
    ratios: ratiosOf(windows),
  }
}

function figuresOf(windows: readonly Window[]): Figures {
  const failures: Record<string, number> = {}
  for (const window of windows) {
    for (const [reason, times] of window.failures) failures[reason] = (failures[reason] ?? 0) + times
  }
  const medians = FIGURES.map((name) => [name, median(windows.map((window) => window[name]))])
  return { ...(Object.fromEntries(medians) as Record<Figure, number>), failures }
}

function ratiosOf(windows: ReadonlyMap<ServerName, readonly Window[]>): Ratios {
  const ratio = (figure: Figure, other: ServerName) => {
    const [ours, theirs] = [windows.get('latchkey'), windows.get(other)]
    if (ours === undefined || theirs === undefined) return undefined
    return pairedRatio(
      ours.map((window) => window[figure]),
      theirs.map((window) => window[figure]),
    )
  }
  return {
    cpuToExpressFloor: ratio('cpu', 'express-floor'),
    cpuToProvider: ratio('cpu', 'oidc-provider'),
    rateToProvider: ratio('rate', 'oidc-provider'),
  }
}
