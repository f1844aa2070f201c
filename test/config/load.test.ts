import { ConfigError } from '../../src/config/problem.ts'
import { DEFAULT_RATE_LIMITS } from '../../src/config/rate-limits.ts'
import { alice, publicClient, scopes } from '../helpers/fixtures.ts'
import { load, problemsOf, productionEnv } from './load.ts'

describe('without any variable', () => {
  const config = load({})
  const own = { uri: 'http://localhost:3000', scopes: undefined, accessTokenLifetime: 3_600_000, introspectedBy: [] }

  it('has the defaults that are documented, durations in milliseconds', () => {
    expect(config).toEqual({
      production: false,
      issuer: 'http://localhost:3000',
      port: 3000,
      host: '0.0.0.0',
      trustProxy: false,
      workers: 1,
      drainDelay: 0,
      maxConnections: 10_000,
      maxConcurrentRequests: 500,
      logLevel: 'info',
      redis: undefined,
      secretKeys: undefined,
      pairwiseSalt: undefined,
      rateLimits: DEFAULT_RATE_LIMITS,
      pages: {
        brandName: 'Latchkey',
        brandLogo: undefined,
        accentColor: undefined,
        supportUrl: undefined,
        privacyUrl: undefined,
        termsUrl: undefined,
        viewsDirectory: undefined,
      },
      signingKeys: undefined,
      requireDpopNonce: false,
      requirePushedRequests: false,
      clients: [],
      users: [],
      scopes: {},
      resources: { byUri: new Map([['http://localhost:3000', own]]), fallback: own },
      lifetimes: {
        code: 60_000,
        pushedRequest: 60_000,
        codeReplayLeniency: 0,
        accessToken: 3_600_000,
        refreshToken: 2_592_000_000,
        refreshTokenMax: 31_536_000_000,
        refreshTokenGrace: 30_000,
        session: 28_800_000,
        sessionMax: 604_800_000,
        sessionKept: 2_592_000_000,
        consent: 31_536_000_000,
      },
      warnings: [
        'REDIS_URL is not set: everything is kept in memory and a restart signs everybody out',
        'SECRET_KEYS is not set: made up for this run, so codes, tokens and sessions end with it',
        'SIGNING_KEYS is not set: keys were made up for this run, so access tokens end with it',
        'CLIENTS is empty: no app can ask for anything yet',
        'USERS is empty: nobody can sign in yet',
      ],
    })
  })

  it('cannot be changed', () => {
    expect(Object.isFrozen(config)).toBe(true)
    expect(Object.isFrozen(config.lifetimes)).toBe(true)
  })
})

it('reads every part', () => {
  const config = load({
    ...productionEnv,
    PORT: '8080',
    HOST: '127.0.0.1',
    TRUST_PROXY: '1',
    WEB_CONCURRENCY: '4',
    DRAIN_DELAY: '5',
    MAX_CONNECTIONS: '2000',
    MAX_CONCURRENT_REQUESTS: '100',
    LOG_LEVEL: 'warn',
    REDIS_KEY_PREFIX: 'mine:',
    CLIENTS: JSON.stringify([publicClient]),
    SCOPES: JSON.stringify(scopes),
    DEFAULT_RESOURCE: 'https://api.example.com',
    RESOURCES: JSON.stringify({ 'https://files.example.com': { scopes: 'read', access_token_ttl: 60 } }),
    REQUIRE_PUSHED_AUTHORIZATION_REQUESTS: 'true',
    PUSHED_REQUEST_TTL: '300',
    AUTHORIZATION_CODE_TTL: '30',
    CODE_REPLAY_LENIENCY: '1.5',
    CONSENT_TTL: '0',
  })
  expect(config).toMatchObject({
    production: true,
    issuer: 'https://auth.example.com',
    port: 8080,
    host: '127.0.0.1',
    trustProxy: 1,
    workers: 4,
    drainDelay: 5000,
    maxConnections: 2000,
    maxConcurrentRequests: 100,
    logLevel: 'warn',
    redis: { url: 'redis://localhost:6379', keyPrefix: 'mine:' },
    secretKeys: [productionEnv.SECRET_KEYS],
    signingKeys: [{ kid: 'one', alg: 'ES256' }],
    clients: [{ client_id: 'app' }],
    scopes,
    resources: { fallback: { uri: 'https://api.example.com', scopes: undefined, accessTokenLifetime: 3_600_000 } },
    requirePushedRequests: true,
    lifetimes: { pushedRequest: 300_000, code: 30_000, codeReplayLeniency: 1500, consent: 0 },
    warnings: ['USERS is empty: nobody can sign in yet'],
  })
  expect(config.resources.byUri.get('https://files.example.com')).toMatchObject({
    scopes: ['read'],
    accessTokenLifetime: 60_000,
  })
})

it('makes the default issuer from the port', () => {
  expect(load({ PORT: '4000' })).toMatchObject({
    issuer: 'http://localhost:4000',
    resources: { fallback: { uri: 'http://localhost:4000' } },
  })
})

it('takes an empty variable as unset', () => {
  const names = [
    'ISSUER',
    'PORT',
    'REDIS_URL',
    'SECRET_KEYS',
    'SIGNING_KEYS',
    'CLIENTS',
    'SCOPES',
    'RESOURCES',
    'PORT_FILE',
  ]
  expect(load(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(load({}))
})

it('tells all problems at once, each beginning with the name of its variable', () => {
  const problems = problemsOf({
    PORT: 'http',
    ISSUER: 'auth.example.com',
    LOG_LEVEL: 'loud',
    SECRET_KEYS: 'short',
    REDIS_URL: 'localhost:6379',
    SIGNING_KEYS: '{"keys":[]}',
    USERS: JSON.stringify([alice, { ...alice, sub: 'other' }]),
    SCOPES: JSON.stringify(scopes),
    CLIENTS: JSON.stringify([{ ...publicClient, redirect_uris: ['http://app.example'] }, 'app']),
    ACCESS_TOKEN_TTL: '1h',
    SESSION_TTL: '3600',
    SESSION_MAX_TTL: '60',
  })
  expect(problems).toEqual([
    'ISSUER must be a URL such as https://auth.example.com, not "auth.example.com"',
    'PORT must be a whole number from 1 to 65535, not "http"',
    'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, not "loud"',
    'REDIS_URL must be redis://host:port or rediss://host:port',
    'SECRET_KEYS must be secrets of at least 32 characters each, parted by commas; number 1 is shorter',
    'ACCESS_TOKEN_TTL must be a whole number from 10 to 86400, not "1h"',
    'SIGNING_KEYS must have at least one key',
    'USERS has the username "alice" twice',
    'CLIENTS[0] (client "app"): redirect_uris "http://app.example" must use https; http is for 127.0.0.1, [::1] and localhost only',
    'CLIENTS[1]: must be an object',
    'SESSION_TTL (3600) must not be longer than SESSION_MAX_TTL (60): the idle time would outlive the session',
  ])
})

describe('SCOPES that cannot be read', () => {
  const client = { ...publicClient, scope: 'read write' }

  it.each(['{', '[]', '{"a b":"x"}', '{"read":5}'])(
    '%s brings no false problem of those that name scopes',
    (SCOPES) => {
      const RESOURCES = JSON.stringify({ 'https://api.example.com': { scopes: 'read other' } })
      expect(problemsOf({ SCOPES, RESOURCES, CLIENTS: JSON.stringify([client]) })).toEqual([
        expect.stringMatching(/^SCOPES /),
      ])
    },
  )

  it.each([{ SCOPES: '{' }, { SCOPES_FILE: '/missing' }, { SCOPES: '{}', SCOPES_FILE: '/missing' }])(
    'hides no other problem: %j',
    (broken) => {
      const RESOURCES = JSON.stringify({ 'https://api.example.com': { scope: 'read' } })
      expect(problemsOf({ ...broken, RESOURCES })).toEqual([
        expect.stringMatching(/^SCOPES /),
        'RESOURCES "https://api.example.com" has the member "scope"; did you mean scopes?',
      ])
      expect(
        problemsOf({ ...broken, CLIENTS: JSON.stringify([{ ...client, redirect_uris: ['app'], scope: 5 }]) }),
      ).toEqual([
        expect.stringMatching(/^SCOPES /),
        expect.stringMatching(/^CLIENTS\[0\] \(client "app"\): redirect_uris "app" must be absolute/),
        'CLIENTS[0] (client "app"): scope must be a string of scope names parted by spaces, not 5',
      ])
    },
  )

  it('are told of scopes that they do not describe where they can be read', () => {
    expect(problemsOf({ SCOPES: '{}', CLIENTS: JSON.stringify([client]) })).toEqual([
      'CLIENTS[0] (client "app"): scope has the name "read", which SCOPES does not describe',
    ])
  })
})

it('is one error that counts its problems', () => {
  expect(() => load({ PORT: 'x' })).toThrow(new ConfigError(['']))
  expect(() => load({ PORT: 'x', LOG_LEVEL: 'x' })).toThrow('the configuration has 2 problems')
})

it('warns of TRUST_PROXY=true, which lets every caller choose its address', () => {
  expect(load({ TRUST_PROXY: 'true' }).warnings.join()).toContain('name your proxies instead')
  expect(load({ TRUST_PROXY: 'loopback' }).warnings.join()).not.toContain('TRUST_PROXY')
})

describe('a variable from a file', () => {
  it('is read from the path, without the line end that editors add', () => {
    const secret = 'a secret of more than thirty-two characters'
    const config = load({ SECRET_KEYS_FILE: '/run/secrets/keys' }, { '/run/secrets/keys': `\uFEFF${secret}\r\n` })
    expect(config.secretKeys).toEqual([secret])
  })

  it.each(['PORT', 'ISSUER', 'REDIS_URL', 'SECRET_KEYS', 'SIGNING_KEYS', 'CLIENTS', 'USERS', 'SCOPES', 'RESOURCES'])(
    'works for %s and names the variable where the content is wrong',
    (name) => {
      const problems = problemsOf({ [`${name}_FILE`]: '/file' }, { '/file': 'wrong' })
      expect(problems).toHaveLength(1)
      expect(problems[0]).toMatch(new RegExp(`^${name} must be `))
    },
  )

  it.each(['', ' \n'])(
    'is a problem where the file holds %j: a file half written must not remove every client',
    (content) => {
      for (const name of ['CLIENTS', 'USERS', 'PORT', 'SECRET_KEYS']) {
        expect(problemsOf({ [`${name}_FILE`]: '/file' }, { '/file': content })).toEqual([
          `${name} is to come from ${name}_FILE, but that file is empty`,
        ])
      }
    },
  )

  it('counts as given in production', () => {
    const { SECRET_KEYS, ...rest } = productionEnv
    expect(load({ ...rest, SECRET_KEYS_FILE: '/keys' }, { '/keys': SECRET_KEYS }).secretKeys).toEqual([SECRET_KEYS])
  })

  it('must not be given as a value too', () => {
    expect(problemsOf({ PORT: '3000', PORT_FILE: '/file' }, { '/file': '3000' })).toEqual([
      'PORT is set twice, by PORT and by PORT_FILE; keep one of them',
    ])
    expect(load({ PORT: '', PORT_FILE: '/file' }, { '/file': '4000' }).port).toBe(4000)
    expect(load({ PORT: '4000', PORT_FILE: '' }).port).toBe(4000)
  })

  it('is a problem where the file cannot be read, and not silently the default', () => {
    expect(problemsOf({ PORT_FILE: '/missing' })).toEqual([
      'PORT is to come from PORT_FILE, but that file cannot be read: ENOENT',
    ])
  })
})

describe('a variable that is almost known', () => {
  it('is a warning where everything else is right', () => {
    expect(load({ REDIS_URI: 'redis://localhost' }).warnings).toContain(
      'REDIS_URI is not a known variable; did you mean REDIS_URL?',
    )
  })

  it('is told beside the problem it causes', () => {
    const { REDIS_URL, ...rest } = productionEnv
    expect(problemsOf({ ...rest, REDIS_URI: REDIS_URL })).toEqual([
      expect.stringMatching(/^REDIS_URL is required in production/),
      'REDIS_URI is not a known variable; did you mean REDIS_URL?',
    ])
  })
})
