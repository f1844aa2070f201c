import { webUri } from './members.ts'
import { brandName, colour, supportUrl } from './pages.ts'
import {
  addresses,
  boolean,
  certificates,
  collectorUrl,
  integer,
  issuer,
  oneOf,
  redisUrl,
  resource,
  salt,
  seconds,
  secrets,
  text,
  trustProxy,
} from './parsers.ts'
import { DEFAULT_RATE_LIMITS, rateLimits, writeRateLimits } from './rate-limits.ts'

/** One environment variable: everything about it stands here, and `.env.example` and the report are made from it. */
export interface Variable<T> {
  parse(value: string): T
  /** The value where the variable is unset or empty, as it would be written; undefined where there is none. */
  fallback: string | undefined
  doc: string
  /** The heading it stands under. */
  section: string
  /** Shown in `.env.example` where there is no fallback. */
  example?: string
  /** Never shown in a report. */
  secret?: true
}

const DAY = 86_400
const YEAR = 365 * DAY

function variable<T>(row: Variable<T>): Variable<T> {
  return row
}

export const schema = {
  NODE_ENV: variable({
    section: 'Server',
    parse: oneOf('production', 'development', 'test'),
    fallback: 'development',
    doc: 'production makes the server refuse to start on anything that is only fit for trying it out.',
  }),
  ISSUER: variable({
    section: 'Server',
    parse: issuer,
    fallback: undefined,
    example: 'https://auth.example.com',
    doc: 'Public base URL, may have a path; every URL in every document is made from it. Default http://localhost:$PORT. Production needs it, with https except on loopback.',
  }),
  PORT: variable({
    section: 'Server',
    parse: integer({ min: 1, max: 65535 }),
    fallback: '3000',
    doc: 'Port to listen on.',
  }),
  HOST: variable({ section: 'Server', parse: text, fallback: '0.0.0.0', doc: 'Address to listen on.' }),
  TRUST_PROXY: variable({
    section: 'Server',
    parse: trustProxy,
    fallback: 'false',
    doc: 'Which proxies to believe about the caller: true, false, a number of hops, or a list of addresses, subnets, loopback, linklocal, uniquelocal.',
  }),
  WEB_CONCURRENCY: variable({
    section: 'Server',
    parse: integer({ min: 1, max: 64 }),
    fallback: '1',
    doc: 'Processes that share the port, for machines with more than one core. More than 1 needs REDIS_URL, SECRET_KEYS and SIGNING_KEYS.',
  }),
  DRAIN_DELAY: variable({
    section: 'Server',
    parse: integer({ min: 0, max: 60 }),
    fallback: '0',
    doc: 'Seconds that the server goes on listening after SIGTERM, with /readyz at 503, so that the balancer sends nothing more before the port closes. 5 fits Kubernetes and most balancers.',
  }),
  MAX_CONNECTIONS: variable({
    section: 'Server',
    parse: integer({ min: 1, max: 1_000_000 }),
    fallback: '10000',
    doc: 'Connections that a process has at once; further ones are closed unanswered.',
  }),
  MAX_CONCURRENT_REQUESTS: variable({
    section: 'Server',
    parse: integer({ min: 1, max: 100_000 }),
    fallback: '500',
    doc: 'Requests that a process works on at once; further ones are answered with 503 and Retry-After, so that those under way are answered in time.',
  }),
  LOG_LEVEL: variable({
    section: 'Server',
    parse: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    fallback: 'info',
    doc: 'Least severe level to log.',
  }),
  METRICS_PORT: variable({
    section: 'Metrics and traces',
    parse: integer({ min: 1, max: 65535 }),
    fallback: undefined,
    example: '9464',
    doc: 'Port of a second listener, for operators alone: GET /metrics for Prometheus, /healthz and /readyz. Unset: nothing is measured. Each process needs its own.',
  }),
  METRICS_HOST: variable({
    section: 'Metrics and traces',
    parse: text,
    fallback: '127.0.0.1',
    doc: 'Address of that listener. 0.0.0.0 in a container whose metrics port is not open to the world.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable({
    section: 'Metrics and traces',
    parse: collectorUrl,
    fallback: undefined,
    example: 'http://collector:4318',
    doc: 'Base address of an OpenTelemetry collector (OTLP over HTTP), which gets the traces at /v1/traces. Unset, and the next one too: no spans are made. The exporter reads OTEL_EXPORTER_OTLP_HEADERS, OTEL_EXPORTER_OTLP_TIMEOUT and OTEL_TRACES_SAMPLER by itself.',
  }),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: variable({
    section: 'Metrics and traces',
    parse: collectorUrl,
    fallback: undefined,
    example: 'http://collector:4318/v1/traces',
    doc: 'The whole address for traces, in place of the one above.',
  }),
  OTEL_SERVICE_NAME: variable({
    section: 'Metrics and traces',
    parse: text,
    fallback: 'latchkey',
    doc: 'The name of this server in traces.',
  }),
  REDIS_URL: variable({
    section: 'Store',
    parse: redisUrl,
    fallback: undefined,
    example: 'redis://localhost:6379',
    secret: true,
    doc: 'redis:// or rediss:// address. Unset, with REDIS_SENTINELS and REDIS_CLUSTER_NODES unset too: everything is kept in memory and lost on restart. Production needs one of the three.',
  }),
  REDIS_SENTINELS: variable({
    section: 'Store',
    parse: addresses,
    fallback: undefined,
    example: 'sentinel-1:26379,sentinel-2:26379,sentinel-3:26379',
    doc: 'Addresses of all Redis Sentinels, parted by commas, that are asked for the master. In place of REDIS_URL.',
  }),
  REDIS_SENTINEL_NAME: variable({
    section: 'Store',
    parse: text,
    fallback: undefined,
    example: 'mymaster',
    doc: 'What the sentinels call the master.',
  }),
  REDIS_SENTINEL_PASSWORD: variable({
    section: 'Store',
    parse: text,
    fallback: undefined,
    secret: true,
    doc: 'Password of the sentinels themselves, where they have one.',
  }),
  REDIS_CLUSTER_NODES: variable({
    section: 'Store',
    parse: addresses,
    fallback: undefined,
    example: 'redis-1:6379,redis-2:6379,redis-3:6379',
    doc: 'Addresses of some nodes of a Redis Cluster, parted by commas; they tell the others. In place of REDIS_URL.',
  }),
  REDIS_USERNAME: variable({
    section: 'Store',
    parse: text,
    fallback: undefined,
    example: 'latchkey',
    doc: 'ACL user, with REDIS_SENTINELS or REDIS_CLUSTER_NODES; REDIS_URL holds its own.',
  }),
  REDIS_PASSWORD: variable({
    section: 'Store',
    parse: text,
    fallback: undefined,
    secret: true,
    doc: 'Password, with REDIS_SENTINELS or REDIS_CLUSTER_NODES; REDIS_URL holds its own.',
  }),
  REDIS_TLS: variable({
    section: 'Store',
    parse: boolean,
    fallback: 'false',
    doc: 'true speaks TLS with sentinels, master and nodes, with REDIS_SENTINELS or REDIS_CLUSTER_NODES. A REDIS_URL says it by rediss://.',
  }),
  REDIS_TLS_CA: variable({
    section: 'Store',
    parse: certificates,
    fallback: undefined,
    doc: 'PEM of the authorities that certificates of Redis must come from; usually by REDIS_TLS_CA_FILE. Default: those that Node trusts.',
  }),
  REDIS_COMMAND_TIMEOUT: variable({
    section: 'Store',
    parse: integer({ min: 100, max: 1900 }),
    fallback: '1500',
    doc: 'Milliseconds to wait for the answer to one command.',
  }),
  REDIS_WAIT_REPLICAS: variable({
    section: 'Store',
    parse: integer({ min: 0, max: 10 }),
    fallback: '0',
    doc: 'How many replicas must confirm a write before what it hands out is handed out; with fewer the answer is 503. 0 does not ask them.',
  }),
  REDIS_KEY_PREFIX: variable({
    section: 'Store',
    parse: text,
    fallback: 'latchkey:',
    doc: 'Stands before every key in Redis.',
  }),
  ALLOW_MEMORY_STORE: variable({
    section: 'Store',
    parse: boolean,
    fallback: 'false',
    doc: 'true lets production run without Redis. One process only, and a restart signs everybody out.',
  }),
  SECRET_KEYS: variable({
    section: 'Keys',
    parse: secrets,
    fallback: undefined,
    example: 'newest-secret,older-secret',
    secret: true,
    doc: 'Secrets of at least 32 characters, parted by commas, that codes, refresh tokens, sessions and forms are proven with. The first makes, all verify. Made up at each start outside production.',
  }),
  PAIRWISE_SALT: variable({
    section: 'Keys',
    parse: salt,
    fallback: undefined,
    example: 'one-secret-that-never-changes',
    secret: true,
    doc: 'Secret of at least 32 characters that the subjects of clients with subject_type pairwise are made with. It must never change: every user would be somebody else to those clients. Needed in production where there is such a client.',
  }),
  SIGNING_KEYS: variable({
    section: 'Keys',
    parse: text,
    fallback: undefined,
    example:
      '{"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","kid":"2026-01","status":"active","x":"...","y":"...","d":"..."}]}',
    secret: true,
    doc: 'Private JWKS that tokens are signed with: ES256, EdDSA, RS256 or PS256; latchkey keys generate makes one. All keys are published; of each algorithm the one with the status active signs, or the first where none has a status. The first active key signs access tokens, and the ID tokens of clients that are registered for no other. latchkey keys rotate makes the next JWKS. Read again on SIGHUP. Made up at each start outside production, one for ES256 and one for RS256.',
  }),
  CLIENTS: variable({
    section: 'Clients, users, scopes',
    parse: text,
    fallback: '[]',
    secret: true,
    doc: 'JSON array of RFC 7591 client metadata, read again on SIGHUP when it comes from CLIENTS_FILE.',
  }),
  USERS: variable({
    section: 'Clients, users, scopes',
    parse: text,
    fallback: '[]',
    secret: true,
    doc: 'JSON array of OpenID claims with username and password_hash (argon2id) or, outside production, password. Read again on SIGHUP.',
  }),
  SCOPES: variable({
    section: 'Clients, users, scopes',
    parse: text,
    fallback: '{}',
    doc: 'JSON object: scope name to the sentence that the consent page shows, or to an object from language tag to sentence. Read again on SIGHUP.',
  }),
  RESOURCES: variable({
    section: 'Clients, users, scopes',
    parse: text,
    fallback: '{}',
    doc: 'JSON object: URI of an API that accepts our tokens (RFC 8707) to its settings, all optional: scopes (those that mean something there), access_token_ttl (seconds), introspected_by (client_ids of its own backend).',
  }),
  DEFAULT_RESOURCE: variable({
    section: 'Clients, users, scopes',
    parse: resource,
    fallback: undefined,
    example: 'https://api.example.com',
    doc: 'The API that access tokens are for, their aud. Default: the issuer.',
  }),
  REQUIRE_PUSHED_AUTHORIZATION_REQUESTS: variable({
    section: 'Clients, users, scopes',
    parse: boolean,
    fallback: 'false',
    doc: 'true refuses every authorization request that was not pushed (RFC 9126). A single client is held to it by require_pushed_authorization_requests in its metadata.',
  }),
  PUSHED_REQUEST_TTL: variable({
    section: 'Lifetimes, in seconds',
    parse: integer({ min: 5, max: 600 }),
    fallback: '60',
    doc: 'Seconds in which a browser must open a pushed authorization request.',
  }),
  DPOP_NONCE: variable({
    section: 'Clients, users, scopes',
    parse: oneOf('off', 'required'),
    fallback: 'off',
    doc: 'required makes DPoP proofs (RFC 9449) carry a nonce of this server, so that none can be made in advance and no clock of a client matters. Libraries ask once more by themselves. off: the time in the proof decides.',
  }),
  RATE_LIMITS: variable({
    section: 'Protection',
    parse: rateLimits,
    fallback: writeRateLimits(DEFAULT_RATE_LIMITS),
    doc: 'How many requests in how many seconds, name=requests/seconds, parted by commas; what is not named keeps its default, and name=off has no limit. By address: who has not proven to be a client, or signs in; by client: who has. off alone: no limits at all.',
  }),
  BRAND_NAME: variable({
    section: 'Pages',
    parse: brandName,
    fallback: 'Latchkey',
    doc: 'The name at the head of every page, of 60 characters at most.',
  }),
  BRAND_LOGO: variable({
    section: 'Pages',
    parse: text,
    fallback: undefined,
    example: '/etc/latchkey/logo.svg',
    doc: 'Path of the image beside that name: SVG, PNG, WebP or JPEG of 64 KB at most.',
  }),
  ACCENT_COLOR: variable({
    section: 'Pages',
    parse: colour,
    fallback: undefined,
    example: '#0c5f56',
    doc: 'Colour of buttons and links, #rrggbb. Where it could not be read, in light or dark, it is mixed with black or white as far as needed.',
  }),
  SUPPORT_URL: variable({
    section: 'Pages',
    parse: supportUrl,
    fallback: undefined,
    example: 'mailto:help@example.com',
    doc: 'Where people find help, https or mailto: a link at the foot of every page.',
  }),
  PRIVACY_URL: variable({
    section: 'Pages',
    parse: webUri,
    fallback: undefined,
    example: 'https://example.com/privacy',
    doc: 'Your privacy policy: a link at the foot of every page.',
  }),
  TERMS_URL: variable({
    section: 'Pages',
    parse: webUri,
    fallback: undefined,
    example: 'https://example.com/terms',
    doc: 'Your terms of service: a link at the foot of every page.',
  }),
  VIEWS_DIR: variable({
    section: 'Pages',
    parse: text,
    fallback: undefined,
    example: '/etc/latchkey/views',
    doc: 'Folder whose files take the place of those in views/, by name: templates, locales, assets. docs/pages.md says how. Read at the start.',
  }),
  AUTHORIZATION_CODE_TTL: variable({
    section: 'Lifetimes, in seconds',
    parse: integer({ min: 1, max: 600 }),
    fallback: '60',
    doc: 'Seconds in which a code must be redeemed.',
  }),
  CODE_REPLAY_LENIENCY: variable({
    section: 'Lifetimes, in seconds',
    parse: seconds({ min: 0, max: 5 }),
    fallback: '0',
    doc: 'Seconds in which a second redemption by the same client with the right verifier is refused without revoking what the first one got. For clients that redeem twice by mistake.',
  }),
  ACCESS_TOKEN_TTL: variable({
    section: 'Lifetimes, in seconds',
    parse: integer({ min: 10, max: DAY }),
    fallback: '3600',
    doc: 'Seconds an access token is good for.',
  }),
  REFRESH_TOKEN_TTL: variable({
    section: 'Lifetimes, in seconds',
    parse: integer({ min: 60, max: YEAR }),
    fallback: '2592000',
    doc: 'Seconds a refresh token is good for when it is not used.',
  }),
  REFRESH_TOKEN_MAX_TTL: variable({
    section: 'Lifetimes, in seconds',
    parse: integer({ min: 60, max: 10 * YEAR }),
    fallback: '31536000',
    doc: 'Seconds after which the user must authorize again, however often the client refreshed.',
  }),
  REFRESH_TOKEN_GRACE: variable({
    section: 'Lifetimes, in seconds',
    parse: integer({ min: 0, max: 60 }),
    fallback: '30',
    doc: 'Seconds in which the refresh token just used still gives the same successor: for two tabs and lost answers.',
  }),
  SESSION_TTL: variable({
    section: 'Lifetimes, in seconds',
    parse: integer({ min: 60, max: YEAR }),
    fallback: '28800',
    doc: 'Seconds a signed-in browser stays so without use.',
  }),
  SESSION_MAX_TTL: variable({
    section: 'Lifetimes, in seconds',
    parse: integer({ min: 60, max: YEAR }),
    fallback: '604800',
    doc: 'Seconds after which a signed-in browser must sign in again.',
  }),
  SESSION_KEPT_TTL: variable({
    section: 'Lifetimes, in seconds',
    parse: integer({ min: 0, max: YEAR }),
    fallback: '2592000',
    doc: 'Seconds a browser stays signed in, used or not, for people who ticked "keep me signed in"; 0 does not offer it.',
  }),
  CONSENT_TTL: variable({
    section: 'Lifetimes, in seconds',
    parse: integer({ min: 0, max: 10 * YEAR }),
    fallback: '31536000',
    doc: 'Seconds a consent is remembered; 0 asks each time.',
  }),
}

export type VariableName = keyof typeof schema
