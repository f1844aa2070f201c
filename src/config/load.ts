import type { LocalizedText } from '../locale/localized-text.ts'
import type { Client } from '../oauth/client.ts'
import type { Resources } from '../oauth/resource.ts'
import { readClients, type Supported } from './clients.ts'
import { lifetimeProblems } from './lifetimes.ts'
import { nearMisses } from './near-miss.ts'
import type { PagesConfig } from './pages.ts'
import { ConfigError, Problems } from './problem.ts'
import { productionProblems } from './production.ts'
import type { RateLimits } from './rate-limits.ts'
import { type Environment, readVariable } from './read-variable.ts'
import { type RedisConfig, readRedis, redisProblems } from './redis.ts'
import { readResources, unknownIntrospectors } from './resources.ts'
import { schema, type VariableName } from './schema.ts'
import { readScopes } from './scopes.ts'
import { activeAlgorithms, madeUpAlgorithms, readSigningKeys, type SigningJwk } from './signing-keys.ts'
import { readUsers, type UserRecord } from './users.ts'
import { workerProblems } from './workers.ts'

export type { Environment }

/** The configuration: checked, typed, frozen. Durations are milliseconds. */
export interface Config {
  readonly production: boolean
  readonly issuer: string
  readonly port: number
  readonly host: string
  readonly trustProxy: boolean | number | string[]
  /** How many processes serve. */
  readonly workers: number
  /** How long a server that is told to stop goes on listening. */
  readonly drainDelay: number
  /** Connections of one process. */
  readonly maxConnections: number
  /** Requests that one process works on at once. */
  readonly maxConcurrentRequests: number
  readonly logLevel: string
  /** Where operators read metrics; undefined: nothing is measured. */
  readonly metrics: { readonly port: number; readonly host: string } | undefined
  /** Where spans go; undefined: none are made. */
  readonly tracing: { readonly url: string; readonly serviceName: string } | undefined
  /** Undefined: the memory store. */
  readonly redis: RedisConfig | undefined
  /** Undefined: to be made up. */
  readonly secretKeys: readonly string[] | undefined
  /** Undefined: to be made up. */
  readonly pairwiseSalt: string | undefined
  /** Undefined: to be made up. */
  readonly signingKeys: readonly SigningJwk[] | undefined
  readonly clients: readonly Client[]
  readonly users: readonly UserRecord[]
  readonly scopes: Readonly<Record<string, LocalizedText>>
  readonly resources: Resources
  /** Whether every client must push its authorization requests (RFC 9126). */
  readonly requirePushedRequests: boolean
  /** Whether DPoP proofs must carry a nonce of ours (RFC 9449 §8). */
  readonly requireDpopNonce: boolean
  readonly rateLimits: RateLimits
  readonly pages: PagesConfig
  readonly lifetimes: Lifetimes
  /** What an operator should know but need not change. */
  readonly warnings: readonly string[]
}

export interface Lifetimes {
  readonly pushedRequest: number
  readonly code: number
  readonly codeReplayLeniency: number
  readonly accessToken: number
  readonly refreshToken: number
  readonly refreshTokenMax: number
  readonly refreshTokenGrace: number
  readonly session: number
  readonly sessionMax: number
  /** Of people who asked to be kept signed in; 0 where that is not offered. */
  readonly sessionKept: number
  readonly consent: number
}

type Values = { [K in VariableName]: ReturnType<(typeof schema)[K]['parse']> | undefined }

/**
 * Reads the whole configuration.
 *
 * @param readFile gives the text of a file named by a variable that ends in _FILE
 * @throws ConfigError with every problem at once
 */
export function loadConfig(
  env: Environment,
  supported: Pick<Supported, 'grantTypes' | 'clientAuthMethods' | 'signingAlgorithms'>,
  readFile: (path: string) => string,
): Config {
  const problems: string[] = []
  const given = new Set<VariableName>()
  const attempt = <T>(name: string, read: () => T): T | undefined => {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof Problems)) throw error
      problems.push(...error.lines.map((line) => (line.startsWith('[') ? `${name}${line}` : `${name} ${line}`)))
      return undefined
    }
  }

  const values = Object.create(null) as Record<string, unknown>
  for (const [name, row] of Object.entries(schema)) {
    values[name] = attempt(name, () => {
      const value = readVariable(env, name, readFile)?.text
      if (value !== undefined) given.add(name as VariableName)
      const text = value ?? row.fallback
      return text === undefined ? undefined : row.parse(text)
    })
  }
  const v = values as Values

  const production = v.NODE_ENV === 'production'
  const scopes = v.SCOPES === undefined ? undefined : attempt('SCOPES', () => readScopes(v.SCOPES as string))
  const signingKeys =
    v.SIGNING_KEYS === undefined ? undefined : attempt('SIGNING_KEYS', () => readSigningKeys(v.SIGNING_KEYS as string))
  const madeUpKeys = v.SIGNING_KEYS === undefined && !production
  const users = attempt('USERS', () => readUsers(v.USERS ?? '[]', { plainPasswords: !production }))
  const issuer = v.ISSUER ?? `http://localhost:${v.PORT ?? 3000}`
  const scopeNames = scopes && Object.keys(scopes)
  const resources = attempt('RESOURCES', () =>
    readResources(v.RESOURCES ?? '{}', v.DEFAULT_RESOURCE ?? issuer, {
      scopes: scopeNames,
      accessTokenLifetime: (v.ACCESS_TOKEN_TTL ?? 0) * 1000,
      // Where that one cannot be read it is told by itself.
      longestTtl: v.REFRESH_TOKEN_TTL ?? Number.MAX_SAFE_INTEGER,
    }),
  )
  const clients =
    resources &&
    attempt('CLIENTS', () =>
      readClients(v.CLIENTS ?? '[]', {
        ...supported,
        scopes: scopeNames,
        resources: [...resources.byUri.keys()],
        allowLoopback: !production,
        // In production there are none, which is told by itself.
        activeAlgorithms: signingKeys ? activeAlgorithms(signingKeys) : madeUpKeys ? madeUpAlgorithms : undefined,
        madeUpKeys,
      }),
    )
  if (resources && clients) problems.push(...unknownIntrospectors(resources, clients))

  const pairwise = clients?.some((client) => client.subject_type === 'pairwise') === true
  const allowMemoryStore = v.ALLOW_MEMORY_STORE === true
  if (production && !given.has('PAIRWISE_SALT') && pairwise) {
    problems.push('PAIRWISE_SALT is required in production where a client has the subject_type pairwise')
  }
  if (v.METRICS_PORT !== undefined && v.METRICS_PORT === v.PORT) {
    problems.push('METRICS_PORT must be another port than PORT: metrics are for operators alone')
  }
  if (production) problems.push(...productionProblems({ given, issuer, allowMemoryStore }))
  problems.push(...workerProblems({ given, workers: v.WEB_CONCURRENCY ?? 1, production, allowMemoryStore, pairwise }))
  problems.push(...lifetimeProblems(v), ...redisProblems(v, given))
  const close = nearMisses(Object.keys(env), Object.keys(schema))
  if (problems.length > 0) throw new ConfigError([...problems, ...close])

  const redis = readRedis(v)
  const seconds = (name: VariableName) => (v[name] as number) * 1000
  return Object.freeze({
    production,
    issuer,
    port: v.PORT as number,
    host: v.HOST as string,
    trustProxy: v.TRUST_PROXY as boolean | number | string[],
    workers: v.WEB_CONCURRENCY as number,
    drainDelay: seconds('DRAIN_DELAY'),
    maxConnections: v.MAX_CONNECTIONS as number,
    maxConcurrentRequests: v.MAX_CONCURRENT_REQUESTS as number,
    logLevel: v.LOG_LEVEL as string,
    metrics: v.METRICS_PORT === undefined ? undefined : { port: v.METRICS_PORT, host: v.METRICS_HOST as string },
    tracing: tracingOf(v),
    redis,
    secretKeys: v.SECRET_KEYS,
    pairwiseSalt: v.PAIRWISE_SALT,
    signingKeys,
    clients: clients as Client[],
    users: users as UserRecord[],
    scopes: scopes as Readonly<Record<string, LocalizedText>>,
    resources: resources as Resources,
    requirePushedRequests: v.REQUIRE_PUSHED_AUTHORIZATION_REQUESTS as boolean,
    requireDpopNonce: v.DPOP_NONCE === 'required',
    rateLimits: v.RATE_LIMITS as RateLimits,
    pages: pagesOf(v),
    lifetimes: Object.freeze({
      pushedRequest: seconds('PUSHED_REQUEST_TTL'),
      code: seconds('AUTHORIZATION_CODE_TTL'),
      codeReplayLeniency: seconds('CODE_REPLAY_LENIENCY'),
      accessToken: seconds('ACCESS_TOKEN_TTL'),
      refreshToken: seconds('REFRESH_TOKEN_TTL'),
      refreshTokenMax: seconds('REFRESH_TOKEN_MAX_TTL'),
      refreshTokenGrace: seconds('REFRESH_TOKEN_GRACE'),
      session: seconds('SESSION_TTL'),
      sessionMax: seconds('SESSION_MAX_TTL'),
      sessionKept: seconds('SESSION_KEPT_TTL'),
      consent: seconds('CONSENT_TTL'),
    }),
    warnings: [...close, ...warningsOf(v, redis, (clients as Client[]).length, (users as UserRecord[]).length)],
  })
}

function pagesOf(v: Values): PagesConfig {
  return Object.freeze({
    brandName: v.BRAND_NAME as string,
    brandLogo: v.BRAND_LOGO,
    accentColor: v.ACCENT_COLOR,
    supportUrl: v.SUPPORT_URL,
    privacyUrl: v.PRIVACY_URL,
    termsUrl: v.TERMS_URL,
    viewsDirectory: v.VIEWS_DIR,
  })
}

/** The collector's address for traces: the whole one, or the base with the path that OTLP/HTTP fixes. */
function tracingOf(v: Values): Config['tracing'] {
  const base = v.OTEL_EXPORTER_OTLP_ENDPOINT
  const url = v.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? (base && `${base.replace(/\/+$/, '')}/v1/traces`)
  return url === undefined ? undefined : { url, serviceName: v.OTEL_SERVICE_NAME as string }
}

function warningsOf(v: Values, redis: RedisConfig | undefined, clients: number, users: number): string[] {
  const warnings: string[] = []
  if (redis === undefined)
    warnings.push('REDIS_URL is not set: everything is kept in memory and a restart signs everybody out')
  if (v.SECRET_KEYS === undefined)
    warnings.push('SECRET_KEYS is not set: made up for this run, so codes, tokens and sessions end with it')
  if (v.SIGNING_KEYS === undefined)
    warnings.push('SIGNING_KEYS is not set: keys were made up for this run, so access tokens end with it')
  if (v.TRUST_PROXY === true)
    warnings.push('TRUST_PROXY is true: every caller can choose the address it is known by; name your proxies instead')
  if (clients === 0) warnings.push('CLIENTS is empty: no app can ask for anything yet')
  if (users === 0) warnings.push('USERS is empty: nobody can sign in yet')
  return warnings
}
