import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import type { Machine } from './results.ts'

export const ROOT = join(import.meta.dirname, '..')

/** The machine as it is before the run, and the versions of what is measured. */
export function describeMachine(): Machine {
  const processors = cpus()
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: commitOf(),
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memory: totalmem(),
    system: `${type()} ${release()}`,
    load: loadavg()[0] ?? 0,
    versions: {
      node: process.version.slice(1),
      redis: /v=([\d.]+)/.exec(execFileSync('redis-server', ['--version'], { encoding: 'utf8' }))?.[1] ?? 'unknown',
      express: versionOf('express'),
      'oidc-provider': versionOf('oidc-provider'),
    },
  }
}

/** The commit, with a mark where files were changed since. */
function commitOf(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--exclude=*'], {
      cwd: ROOT,
      encoding: 'utf8',
    }).trim()
  } catch {
    return 'unknown'
  }
}

function versionOf(name: string): string {
  const file = join(ROOT, 'node_modules', name, 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
