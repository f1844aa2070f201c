import type { Judgement } from './goals.ts'
import { PROFILED, type SharesByOperation } from './measures/shares.ts'
import { operationNames } from './operations/operation.ts'
import type { Extras, Results } from './results.ts'
import { serverNames } from './servers/server.ts'
import { parts } from './shares.ts'
import { figure, formatTable, percent } from './table.ts'

const MEBIBYTE = 2 ** 20

/** Every operation on every server. */
export function operationsTable({ operations }: Results): string {
  const rows = operationNames.flatMap((operation) =>
    serverNames.flatMap((server) => {
      const figures = operations[operation]?.servers[server]
      if (figures === undefined) return []
      const { cpu, rate, p50, p99, failures } = figures
      const failed = Object.values(failures).reduce((sum, times) => sum + times, 0)
      return [[`${operation}, ${server}`, figure(cpu), figure(rate), figure(p50), figure(p99), `${failed}`]]
    }),
  )
  return formatTable(['Operation and server', 'CPU ms', 'per second', 'p50 ms', 'p99 ms', 'failed'], rows)
}

/** How latchkey compares, operation by operation. */
export function ratiosTable({ operations }: Results): string {
  const rows = operationNames.flatMap((operation) => {
    const ratios = operations[operation]?.ratios
    if (ratios === undefined) return []
    const { cpuToExpressFloor, cpuToProvider, rateToProvider } = ratios
    return [[operation, figure(cpuToExpressFloor), figure(cpuToProvider), figure(rateToProvider)]]
  })
  const head = ['Latchkey', 'CPU / Express floor', 'CPU / oidc-provider', 'throughput / oidc-provider']
  return formatTable(head, rows)
}

/** What both servers ask of Redis and leave there. */
export function redisTable({ roundTrips, bytes }: Extras): string {
  const commands = operationNames.flatMap((operation) => {
    const counts = roundTrips[operation]
    return counts === undefined ? [] : [[`commands: ${operation}`, ...compared(counts)]]
  })
  const weights = (['code', 'authorization', 'perRefresh'] as const).map((name) => [
    `bytes: ${name === 'perRefresh' ? 'added by a refresh' : name}`,
    figure(bytes.latchkey[name]),
    figure(bytes['oidc-provider'][name]),
  ])
  return formatTable(['Redis', 'latchkey', 'oidc-provider'], [...commands, ...weights])
}

/** Latchkey under load. */
export function loadTable({ crowd, foreignKeys, twoProcesses, signInStorm, longRun }: Extras): string {
  const mebibytes = (bytes: number) => figure(bytes / MEBIBYTE)
  return formatTable(
    ['Latchkey under load', 'value'],
    [
      ['p50 at 128 connections, ms', figure(crowd.p50)],
      ['p99 at 128 connections, ms', figure(crowd.p99)],
      [`throughput beside ${foreignKeys.keys} foreign keys`, percent(foreignKeys.rate)],
      ['two processes, times one', figure(twoProcesses.gain)],
      ['p99 of a refresh in the calm, ms', figure(signInStorm.calmP99)],
      ['p99 of a refresh while 8 people sign in, ms', figure(signInStorm.stormP99)],
      ['heap before, MiB', mebibytes(longRun.heapBefore)],
      [`heap after ${longRun.flows} flows, MiB`, mebibytes(longRun.heapAfter)],
      ['RSS before, MiB', mebibytes(longRun.rssBefore)],
      [`RSS after ${longRun.flows} flows, MiB`, mebibytes(longRun.rssAfter)],
    ],
  )
}

/** Where the main thread spends its time, before the work on speed and in this run: microseconds an operation, and the share. */
export function sharesTable(before: SharesByOperation, now: SharesByOperation): string {
  const columns = PROFILED.flatMap((operation) => [before[operation], now[operation]])
  const totals = columns.map((shares) => parts.reduce((sum, part) => sum + shares[part], 0))
  const cell = (time: number, total: number) => `${figure(time)} (${Math.round((time / total) * 100)} %)`
  const rows = parts.map((part) => [
    part,
    ...columns.map((shares, column) => cell(shares[part], totals[column] as number)),
  ])
  const head = PROFILED.flatMap((operation) => [`${operation}, before`, 'now'])
  return formatTable(['Main thread, µs', ...head], [...rows, ['all', ...totals.map(figure)]])
}

/** Every goal, and how the run stands against it. */
export function goalsTable(judgements: readonly Judgement[]): string {
  const rows = judgements.map(({ name, goal, value, verdict }) => [name, goal, figure(value), verdict])
  return formatTable(['Goal', 'wanted', 'reached', 'verdict'], rows)
}

function compared(counts: Partial<Record<string, number>>): string[] {
  return ['latchkey', 'oidc-provider'].map((name) => `${counts[name] ?? '–'}`)
}
