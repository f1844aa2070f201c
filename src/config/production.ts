import { parseUrl } from '../lib/parse-url.ts'
import { redisForms } from './redis.ts'
import type { VariableName } from './schema.ts'

/**
 * What production refuses to start without, each a full sentence about a variable.
 *
 * @param facts.given the variables that were set
 */
export function productionProblems(facts: {
  given: ReadonlySet<VariableName>
  issuer: string
  allowMemoryStore: boolean
}): string[] {
  const { given, issuer, allowMemoryStore } = facts
  const problems: string[] = []
  if (!given.has('ISSUER'))
    problems.push('ISSUER is required in production: the public base URL, such as https://auth.example.com')
  else if (!isSafe(issuer)) problems.push(`ISSUER must use https in production, except on loopback, not ${issuer}`)
  if (!given.has('SECRET_KEYS'))
    problems.push('SECRET_KEYS is required in production: at least one secret of 32 characters or more')
  if (!given.has('SIGNING_KEYS')) problems.push('SIGNING_KEYS is required in production: a private JWKS')
  if (!redisForms.some((name) => given.has(name)) && !allowMemoryStore) {
    problems.push(
      'REDIS_URL is required in production: redis://host:6379, or REDIS_SENTINELS or REDIS_CLUSTER_NODES. To run without it on purpose, set ALLOW_MEMORY_STORE=true',
    )
  }
  return problems
}

function isSafe(issuer: string): boolean {
  if (parseUrl(issuer) === undefined) return false
  const { protocol, hostname } = new URL(issuer)
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}
