import type { Health } from '../store.ts'

/** What a Redis told about itself; undefined is what it may not be asked. */
export interface NodeFacts {
  /** The text of INFO. */
  info: string | undefined
  /** TIME: seconds and microseconds. */
  time: ReadonlyArray<string | number> | undefined
  /** The setting `save`; empty where there are no snapshots. */
  save: string | undefined
}

const OLDEST_VERSION = [6, 2] as const
const CLOCK_TOLERANCE = 60_000

/**
 * What the facts mean: problems where requests will fail, warnings where records are at risk. Each is a sentence that goes on
 * from "Redis:".
 */
export function adviceOf(facts: NodeFacts, { now, waitReplicas }: { now: number; waitReplicas: number }): Health {
  const problems: string[] = []
  const warnings = [...clockWarnings(facts.time, now)]
  if (facts.info === undefined) {
    warnings.push('version, eviction and persistence could not be checked: INFO is not allowed')
    return { problems, warnings }
  }
  const info = readInfo(facts.info)
  const replicas = Number(info.get('connected_slaves') ?? 0)
  if (info.get('role') === 'slave') problems.push('it is a replica, which takes no writes')
  if (info.get('loading') === '1') problems.push('it is still loading its records')
  if (waitReplicas > replicas) {
    problems.push(
      `REDIS_WAIT_REPLICAS is ${waitReplicas}, but ${replicas} replicas are connected, so writes are refused`,
    )
  }
  warnings.push(...versionWarnings(info), ...evictionWarnings(info), ...persistenceWarnings(info, facts.save))
  return { problems, warnings }
}

function clockWarnings(time: NodeFacts['time'], now: number): string[] {
  if (time === undefined) return ['its clock could not be compared with ours: TIME is not allowed']
  const apart = Number(time[0]) * 1000 - now
  if (Math.abs(apart) <= CLOCK_TOLERANCE) return []
  const seconds = Math.round(Math.abs(apart) / 1000)
  return [
    `its clock is ${seconds} seconds ${apart > 0 ? 'ahead of' : 'behind'} this process's, whose clock all lifetimes come from: one of the two is wrong`,
  ]
}

function versionWarnings(info: ReadonlyMap<string, string>): string[] {
  const version = info.get('redis_version')
  if (version === undefined) return ['its version could not be checked']
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor, oldestMinor] = OLDEST_VERSION
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return []
  return [`version ${version} is older than ${OLDEST_VERSION.join('.')}, which this server needs: upgrade it`]
}

function evictionWarnings(info: ReadonlyMap<string, string>): string[] {
  const policy = info.get('maxmemory_policy')
  if (policy === undefined) return ['whether it evicts records could not be checked']
  if (policy === 'noeviction') return []
  return [
    `maxmemory-policy is ${policy}: when memory is full, codes and sessions vanish at random; set it to noeviction`,
  ]
}

function persistenceWarnings(info: ReadonlyMap<string, string>, save: string | undefined): string[] {
  if (info.get('aof_enabled') === '1') return []
  if (save === undefined) {
    return ['appendonly is off, and whether it saves snapshots could not be checked: CONFIG GET is not allowed']
  }
  if (save !== '') return []
  return ['it keeps nothing on disk: a restart of Redis ends all authorizations and sessions; set appendonly yes']
}

function readInfo(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1))
  }
  return fields
}
