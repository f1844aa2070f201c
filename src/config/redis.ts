import type { Address } from './address.ts'
import type { VariableName } from './schema.ts'

interface Common {
  readonly keyPrefix: string
  /** PEM of the authorities that may vouch for the servers; undefined: those that Node trusts. */
  readonly tlsCa: string | undefined
  /** How long one command may take, in milliseconds. */
  readonly commandTimeout: number
  /** How many replicas must have a write before its answer counts. */
  readonly waitReplicas: number
}

interface Login {
  readonly username: string | undefined
  readonly password: string | undefined
  readonly tls: boolean
}

/** How Redis is reached, in one of three forms. */
export type RedisConfig = Common &
  (
    | { readonly kind: 'single'; readonly url: string }
    | (Login & {
        readonly kind: 'sentinel'
        readonly sentinels: readonly Address[]
        /** What the sentinels call the master. */
        readonly name: string
        readonly sentinelPassword: string | undefined
      })
    | (Login & { readonly kind: 'cluster'; readonly nodes: readonly Address[] })
  )

/** The values of the variables about Redis, as far as they could be read. */
export interface RedisValues {
  REDIS_URL: string | undefined
  REDIS_SENTINELS: Address[] | undefined
  REDIS_SENTINEL_NAME: string | undefined
  REDIS_SENTINEL_PASSWORD: string | undefined
  REDIS_CLUSTER_NODES: Address[] | undefined
  REDIS_USERNAME: string | undefined
  REDIS_PASSWORD: string | undefined
  REDIS_TLS: boolean | undefined
  REDIS_TLS_CA: string | undefined
  REDIS_KEY_PREFIX: string | undefined
  REDIS_COMMAND_TIMEOUT: number | undefined
  REDIS_WAIT_REPLICAS: number | undefined
}

/** The variables that each say where Redis is; one of them does. */
export const redisForms = ['REDIS_URL', 'REDIS_SENTINELS', 'REDIS_CLUSTER_NODES'] as const

/** Those that mean something with only some of the forms. */
const BELONGS: ReadonlyArray<[keyof RedisValues, ReadonlyArray<(typeof redisForms)[number]>]> = [
  ['REDIS_SENTINEL_NAME', ['REDIS_SENTINELS']],
  ['REDIS_SENTINEL_PASSWORD', ['REDIS_SENTINELS']],
  ['REDIS_USERNAME', ['REDIS_SENTINELS', 'REDIS_CLUSTER_NODES']],
  ['REDIS_PASSWORD', ['REDIS_SENTINELS', 'REDIS_CLUSTER_NODES']],
  ['REDIS_TLS', ['REDIS_SENTINELS', 'REDIS_CLUSTER_NODES']],
]

/**
 * What is wrong with how the variables about Redis go together, each a full sentence.
 *
 * @param given the variables that were set, also those that could not be read
 */
export function redisProblems(v: RedisValues, given: ReadonlySet<VariableName>): string[] {
  const forms = redisForms.filter((name) => given.has(name))
  if (forms.length > 1)
    return [`${forms.join(' and ')} are set together: each says where Redis is, so keep one of them`]
  const alone = BELONGS.filter(
    ([name, owners]) => given.has(name) && v[name] !== false && !owners.some((owner) => given.has(owner)),
  )
  const hint = given.has('REDIS_URL') ? '; REDIS_URL says it itself' : ''
  const problems = alone.map(([name, owners]) => `${name} means nothing without ${owners.join(' or ')}${hint}`)
  if (given.has('REDIS_SENTINELS') && !given.has('REDIS_SENTINEL_NAME')) {
    problems.push('REDIS_SENTINEL_NAME is required with REDIS_SENTINELS: what they call the master, such as mymaster')
  }
  if (given.has('REDIS_USERNAME') && !given.has('REDIS_PASSWORD')) {
    problems.push('REDIS_PASSWORD is required with REDIS_USERNAME')
  }
  const readable = v.REDIS_URL !== undefined || !given.has('REDIS_URL')
  const usesTls = v.REDIS_TLS === true || v.REDIS_URL?.startsWith('rediss:')
  if (given.has('REDIS_TLS_CA') && readable && !usesTls) {
    problems.push('REDIS_TLS_CA means nothing without TLS: set REDIS_TLS=true, or begin REDIS_URL with rediss://')
  }
  return problems
}

/** How Redis is reached; undefined where no variable says so: the memory store. To be called where there are no problems. */
export function readRedis(v: RedisValues): RedisConfig | undefined {
  const common = {
    keyPrefix: v.REDIS_KEY_PREFIX as string,
    tlsCa: v.REDIS_TLS_CA,
    commandTimeout: v.REDIS_COMMAND_TIMEOUT as number,
    waitReplicas: v.REDIS_WAIT_REPLICAS as number,
  }
  const login = { username: v.REDIS_USERNAME, password: v.REDIS_PASSWORD, tls: v.REDIS_TLS === true }
  if (v.REDIS_URL !== undefined) return { kind: 'single', url: v.REDIS_URL, ...common }
  if (v.REDIS_CLUSTER_NODES !== undefined) return { kind: 'cluster', nodes: v.REDIS_CLUSTER_NODES, ...login, ...common }
  if (v.REDIS_SENTINELS === undefined) return undefined
  const name = v.REDIS_SENTINEL_NAME as string
  const sentinelPassword = v.REDIS_SENTINEL_PASSWORD
  return { kind: 'sentinel', sentinels: v.REDIS_SENTINELS, name, sentinelPassword, ...login, ...common }
}
