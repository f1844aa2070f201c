import { join } from 'node:path'
import { createPushedRequests, type PushedRequests } from './authorization/pushed-requests.ts'
import type { ClientAuthServices } from './client-auth/client-auth-method.ts'
import { createProvenLately } from './client-auth/proven-lately.ts'
import { clientAuthMethods } from './client-auth/registry.ts'
import { createClientKeys } from './clients/client-keys.ts'
import { type ClientLogos, createClientLogos, LOGO_FETCH } from './clients/client-logos.ts'
import { type ClientRegistry, createClientRegistry } from './clients/client-registry.ts'
import type { Config } from './config/load.ts'
import { createDpop, type Dpop } from './dpop/dpop.ts'
import { createDpopNonces } from './dpop/nonces.ts'
import { INTERACTION_LIFETIME } from './endpoints/authorize.ts'
import type { GrantServices } from './grant-types/grant-type.ts'
import { grantTypes } from './grant-types/registry.ts'
import { type ClientResponder, createClientResponder } from './http/client-response.ts'
import { type Cookies, createCookies } from './http/cookies.ts'
import { createDevices } from './http/devices.ts'
import type { PageAsset } from './http/page-assets.ts'
import { createPageParts, type PageParts } from './http/pages.ts'
import { createRateLimiter, type RateLimiter } from './http/rate-limits.ts'
import { createRefusalNotes } from './http/refusal-notes.ts'
import { createErrorRenderer, type ErrorRenderer } from './http/render-error.ts'
import { createSignIn, type SignIn } from './http/sign-in.ts'
import type { Views } from './http/views.ts'
import type { IdentitySource } from './identity/identity-source.ts'
import { createLocalUsers } from './identity/local-users.ts'
import { createSubjects, type Subjects } from './identity/subjects.ts'
import { createSigningKeys, makeSigningKeys, type SigningKeys } from './keys/signing-keys.ts'
import { traceSignatures } from './keys/traced-signing-keys.ts'
import { type Clock, systemClock } from './lib/clock.ts'
import { createMac, type Mac } from './lib/mac.ts'
import { packageVersion } from './lib/package-version.ts'
import { type Random, systemRandom } from './lib/random.ts'
import { createSafeFetch, createSafeFetchBytes } from './lib/safe-fetch.ts'
import { stopwatch } from './lib/stopwatch.ts'
import type { LocalizedText } from './locale/localized-text.ts'
import type { HandleMacs } from './oauth/handles.ts'
import { createLiveResources } from './oauth/live-resources.ts'
import { longestAccessToken } from './oauth/resource.ts'
import { createSessions, type Sessions } from './session/sessions.ts'
import { createMemoryStore } from './store/memory/memory-store.ts'
import { createRedisStore } from './store/redis/redis-store.ts'
import type { Store } from './store/store.ts'
import { watchStore } from './store/watched-store.ts'
import { type Audit, createAudit } from './telemetry/events.ts'
import { createLogger, type Logger } from './telemetry/logger.ts'
import { createMetrics, type Metrics } from './telemetry/metrics.ts'
import { createRequestScopes, type RequestScopes } from './telemetry/request-scope.ts'
import { createTracing, type Tracing } from './telemetry/tracing.ts'
import { createAccessTokens } from './tokens/access-token.ts'
import { createIdTokens, type IdTokens } from './tokens/id-token.ts'
import { createOpaqueTokens } from './tokens/opaque-tokens.ts'
import { type AccessTokenReader, createAccessTokenReader } from './tokens/read-access-token.ts'
import { createTokenIssuer, type TokenIssuer } from './tokens/token-issuer.ts'

/** Everything the endpoints work with. */
export interface Deps {
  config: Config
  clock: Clock
  random: Random
  logger: Logger
  audit: Audit
  /** Undefined: nothing is measured. */
  metrics: Metrics | undefined
  /** Undefined: no spans are made. */
  tracing: Tracing | undefined
  requests: RequestScopes
  store: Store
  clients: ClientRegistry
  logos: ClientLogos
  clientAuth: ClientAuthServices
  identity: IdentitySource
  signIn: SignIn
  rateLimits: RateLimiter
  sessions: Sessions
  keys: SigningKeys
  grantServices: GrantServices
  handles: HandleMacs
  csrf: Mac
  pushedRequests: PushedRequests
  issueTokens: TokenIssuer
  accessTokenReader: AccessTokenReader
  dpop: Dpop
  idTokens: IdTokens
  subjects: Subjects
  toClient: ClientResponder
  cookies: Cookies
  views: Views
  /** The files that pages refer to, by name. */
  assets: ReadonlyMap<string, PageAsset>
  errors: ErrorRenderer
  /** The scopes and their sentences as they are now. */
  scopes(): Readonly<Record<string, LocalizedText>>
  /** Takes clients, users, scopes, resources and keys from another configuration; the rest stays. */
  reload(config: Config): Promise<void>
  /** Sends the spans that are left, and lets go of the store. */
  close(): Promise<void>
}

/** What the configuration may name: derived from the registries. */
export const supported = {
  grantTypes: grantTypes.map((grantType) => grantType.name),
  clientAuthMethods: clientAuthMethods.map((method) => method.name),
  signingAlgorithms: Object.fromEntries(clientAuthMethods.map((method) => [method.name, method.algorithms ?? []])),
}

const VIEWS = join(import.meta.dirname, '..', 'views')

/** Everything that people see. Throws ConfigError naming the files that are broken. */
export function buildPages(config: Pick<Config, 'issuer' | 'pages'>): PageParts {
  return createPageParts(config, VIEWS)
}

/**
 * Puts the parts together: the only place where that happens.
 *
 * @param overrides parts to use instead, such as a test clock
 * @throws ConfigError where the views have problems
 */
export async function buildDeps(
  initial: Config,
  overrides: Partial<Pick<Deps, 'clock' | 'random' | 'logger' | 'requests' | 'store' | 'identity'>> = {},
): Promise<Deps> {
  // First, so that a broken view leaves no connection behind.
  const { views, assets } = buildPages(initial)
  const resources = createLiveResources(initial.resources)
  const config = { ...initial, resources }
  const clock = overrides.clock ?? systemClock
  const random = overrides.random ?? systemRandom
  const requests = overrides.requests ?? createRequestScopes()
  const logger = overrides.logger ?? createLogger({ level: config.logLevel, requests })
  const metrics = config.metrics && (await createMetrics(packageVersion()))
  const tracing = config.tracing && (await createTracing(config.tracing, { logger, requests }))
  const store = watched(overrides.store ?? (await createStore(config, random, logger)), metrics, tracing)
  const secrets = config.secretKeys ?? [random.secret()]
  const signingKeys = await createSigningKeys(config.signingKeys ?? (await makeSigningKeys()), {
    clock,
    longestToken: () => longestAccessToken(config.resources),
  })
  const keys = tracing === undefined ? signingKeys : traceSignatures(signingKeys, tracing)
  const clients = createClientRegistry(config.clients)
  const users = await createLocalUsers(config.users)
  const identity = overrides.identity ?? users
  const secure = config.issuer.startsWith('https:')
  const allowLoopback = !config.production
  const cookies = createCookies(secure)
  const handles = { code: createMac(secrets, 'authorization code'), refreshToken: createMac(secrets, 'refresh token') }
  const audit = createAudit(logger, (event) => metrics?.event(event))
  const opaque = createOpaqueTokens(secrets)
  const pairwise = createMac([config.pairwiseSalt ?? random.secret()], 'pairwise subject')
  const subjects = createSubjects(pairwise)
  const idTokens = createIdTokens({
    keys,
    subjects,
    clock,
    issuer: config.issuer,
    lifetime: config.lifetimes.accessToken,
  })
  const rateLimits = createRateLimiter({ limits: config.rateLimits, store: store.rateLimits, clock, audit })
  let scopes = config.scopes

  return {
    config,
    clock,
    random,
    logger,
    audit,
    metrics,
    tracing,
    requests,
    store,
    clients,
    logos: createClientLogos({ fetchBytes: createSafeFetchBytes({ allowLoopback, ...LOGO_FETCH }), clock, logger }),
    clientAuth: {
      clients,
      clientKeys: createClientKeys({ fetchJson: createSafeFetch({ allowLoopback }), clock }),
      assertions: store.once,
      attempts: store.attempts,
      provenLately: createProvenLately(),
      issuer: config.issuer,
      clock,
      audit,
    },
    identity,
    signIn: createSignIn({
      identity,
      attempts: store.attempts,
      rateLimits,
      devices: createDevices({ mac: createMac(secrets, 'device'), random }),
      cookies,
      clock,
      audit,
    }),
    rateLimits,
    sessions: createSessions({
      store: store.sessions,
      mac: createMac(secrets, 'session'),
      clock,
      random,
      lifetimes: {
        ...config.lifetimes,
        authorization: INTERACTION_LIFETIME + config.lifetimes.refreshTokenMax,
      },
    }),
    keys,
    handles,
    grantServices: {
      authorizations: store.authorizations,
      handles,
      resources: config.resources,
      clock,
      lifetimes: config.lifetimes,
      audit,
    },
    csrf: createMac(secrets, 'csrf'),
    pushedRequests: createPushedRequests({
      store: store.pushedRequests,
      clients,
      mac: createMac(secrets, 'pushed request'),
      clock,
      random,
      lifetimes: config.lifetimes,
    }),
    issueTokens: createTokenIssuer({
      accessTokens: createAccessTokens({ keys, opaque, clock, random, issuer: config.issuer }),
      idTokens,
      subjects,
      handles,
      audit,
    }),
    accessTokenReader: createAccessTokenReader({
      keys,
      opaque,
      store: store.accessTokens,
      clock,
      issuer: config.issuer,
    }),
    idTokens,
    dpop: createDpop({
      once: store.once,
      clock,
      nonces: config.requireDpopNonce ? createDpopNonces(createMac(secrets, 'dpop nonce'), clock) : undefined,
    }),
    subjects,
    toClient: createClientResponder({ issuer: config.issuer, views }),
    cookies,
    views,
    assets,
    errors: createErrorRenderer({
      logger,
      audit,
      random,
      views,
      clients,
      issuer: config.issuer,
      keepRefusal: createRefusalNotes({ refusals: store.refusals, clock }),
    }),
    scopes: () => scopes,
    async reload(next) {
      const warnings = next.signingKeys === undefined ? [] : await keys.replace(next.signingKeys)
      for (const warning of warnings) logger.warn(warning)
      clients.replace(next.clients)
      users.replace(next.users)
      scopes = next.scopes
      resources.replace(next.resources)
    },
    async close() {
      await tracing?.close()
      await store.close()
    },
  }
}

/** The store with its moves in the metrics and traces, where there are any. */
function watched(store: Store, metrics: Metrics | undefined, tracing: Tracing | undefined): Store {
  if (metrics === undefined && tracing === undefined) return store
  return watchStore(store, (move) => {
    const elapsed = stopwatch()
    const ended = tracing?.part(`store ${move}`)
    return (failure) => {
      metrics?.move(move, elapsed(), failure)
      ended?.(failure)
    }
  })
}

async function createStore({ redis }: Config, random: Random, logger: Logger): Promise<Store> {
  if (redis === undefined) return createMemoryStore()
  return createRedisStore(redis, {
    mark: random.mark,
    report: {
      lost: (reason) => logger.warn({ reason }, 'Redis is out of reach'),
      back: () => logger.info('Redis is back'),
    },
  })
}
