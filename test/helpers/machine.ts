import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'

/** What measurements were taken on: processor, memory, versions. */
export function machine(): string {
  const redis = /v=([\d.]+)/.exec(execFileSync('redis-server', ['--version'], { encoding: 'utf8' }))?.[1]
  const gigabytes = Math.round(totalmem() / 1024 ** 3)
  const model = cpus()[0]?.model.trim() ?? 'unknown'
  return `${cpus().length} × ${model}, ${gigabytes} GB, ${process.platform}, Node ${process.versions.node}, Redis ${redis}`
}

/** The day as YYYY-MM-DD, in UTC. */
export function onDay(now: Date): string {
  return now.toISOString().slice(0, 10)
}
