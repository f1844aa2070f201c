import { redisForms } from './redis.ts'
import type { VariableName } from './schema.ts'

/**
 * What keeps several processes from being one server, each a full sentence about a variable. What production refuses
 * anyway is left to it.
 *
 * @param facts.given the variables that were set
 * @param facts.pairwise whether a client has pairwise subjects
 */
export function workerProblems(facts: {
  given: ReadonlySet<VariableName>
  workers: number
  production: boolean
  allowMemoryStore: boolean
  pairwise: boolean
}): string[] {
  const { given, workers, production, allowMemoryStore, pairwise } = facts
  if (workers === 1) return []
  const problems: string[] = []
  const requireFor = (name: VariableName, reason: string) => {
    if (!given.has(name)) problems.push(`${name} is required where WEB_CONCURRENCY is more than 1: ${reason}`)
  }
  if ((!production || allowMemoryStore) && !redisForms.some((name) => given.has(name))) {
    requireFor('REDIS_URL', 'in memory no process would know what another one did')
  }
  if (production) return problems
  requireFor('SECRET_KEYS', 'made up, it would be another one in every process')
  requireFor('SIGNING_KEYS', 'made up, they would be others in every process')
  if (pairwise) requireFor('PAIRWISE_SALT', 'made up, it would be another one in every process')
  return problems
}
