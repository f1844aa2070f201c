import { drive, type Exchange, openWire } from '../driver.ts'
import type { Operation } from '../operations/operation.ts'
import type { BenchServer } from '../servers/server.ts'

/** What one look at a server gave. */
export interface Window {
  /** Milliseconds of the server's CPU for one operation, all its threads. */
  cpu: number
  /** Operations in a second. */
  rate: number
  /** Milliseconds. */
  p50: number
  p95: number
  p99: number
  max: number
  failures: ReadonlyMap<string, number>
}

/** How much is done in a window. */
export interface Load {
  count: number
  lanes: number
}

/**
 * Prepares an operation and runs it. Only the running is measured: its CPU as the processes themselves count it, in
 * microseconds.
 *
 * @param servers more than one where they share the work; the first one prepares it
 */
export async function measure(
  operation: Operation,
  servers: readonly [BenchServer, ...BenchServer[]],
  load: Load,
): Promise<Window> {
  const urls = servers.map(({ url }) => url)
  const wire = openWire(urls, load.lanes)
  let next = 0
  const exchange: Exchange = (request) => wire.exchange(next++ % load.lanes)(request)
  try {
    const run = await operation.prepare(servers[0], { ...load, exchange })
    const before = await cpuOf(servers)
    const { done, took, times, failures } = await drive(wire, run, load.count)
    const cpu = (await cpuOf(servers)) - before
    const percentile = (share: number) => times.percentile(share) / 1000
    return {
      cpu: cpu / done,
      rate: done / (took / 1000),
      p50: percentile(0.5),
      p95: percentile(0.95),
      p99: percentile(0.99),
      max: times.max() / 1000,
      failures,
    }
  } finally {
    await wire.close()
  }
}

/**
 * Measures where a figure would be worth nothing beside failures.
 *
 * @throws Error with what failed
 */
export async function measureSound(...args: Parameters<typeof measure>): Promise<Window> {
  const window = await measure(...args)
  if (window.failures.size > 0) throw new Error(`${args[0].name} failed: ${[...window.failures.keys()].join('; ')}`)
  return window
}

async function cpuOf(servers: readonly BenchServer[]): Promise<number> {
  const used = await Promise.all(servers.map((server) => server.process.usage()))
  return used.reduce((sum, { cpu }) => sum + cpu, 0)
}
