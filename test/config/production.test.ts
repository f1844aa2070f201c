import { lifetimeProblems } from '../../src/config/lifetimes.ts'
import { nearMisses } from '../../src/config/near-miss.ts'
import { schema } from '../../src/config/schema.ts'
import { alice } from '../helpers/fixtures.ts'
import { load, problemsOf, productionEnv } from './load.ts'

describe('production', () => {
  it('starts with what it needs', () => {
    expect(load(productionEnv).production).toBe(true)
  })

  it('refuses everything that is only fit for trying out, all at once', () => {
    expect(problemsOf({ NODE_ENV: 'production', USERS: JSON.stringify([alice]) })).toEqual([
      'USERS[0]: password is refused in production; give password_hash',
      'ISSUER is required in production: the public base URL, such as https://auth.example.com',
      'SECRET_KEYS is required in production: at least one secret of 32 characters or more',
      'SIGNING_KEYS is required in production: a private JWKS',
      'REDIS_URL is required in production: redis://host:6379, or REDIS_SENTINELS or REDIS_CLUSTER_NODES. To run without it on purpose, set ALLOW_MEMORY_STORE=true',
    ])
  })

  it.each(['ISSUER', 'SECRET_KEYS', 'SIGNING_KEYS', 'REDIS_URL'])('needs %s', (name) => {
    expect(problemsOf({ ...productionEnv, [name]: undefined })).toEqual([
      expect.stringMatching(new RegExp(`^${name} is required in production`)),
    ])
  })

  it.each(['SECRET_KEYS', 'SIGNING_KEYS', 'REDIS_URL', 'ISSUER'])('says one thing only about a wrong %s', (name) => {
    expect(problemsOf({ ...productionEnv, [name]: 'wrong' })).toHaveLength(1)
  })

  it('runs without Redis only where that is said', () => {
    const env = { ...productionEnv, REDIS_URL: undefined }
    expect(load({ ...env, ALLOW_MEMORY_STORE: 'true' }).redis).toBeUndefined()
    expect(problemsOf({ ...env, ALLOW_MEMORY_STORE: 'false' })).toHaveLength(1)
    expect(problemsOf({ ...env, ALLOW_MEMORY_STORE: 'TRUE' })).toContain(
      'ALLOW_MEMORY_STORE must be true or false, not "TRUE"',
    )
  })

  it.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000/auth'])(
    'takes the http issuer %s: it stays on the machine',
    (ISSUER) => {
      expect(load({ ...productionEnv, ISSUER }).issuer).toBe(ISSUER)
    },
  )

  it.each([
    'http://auth.example.com',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://10.0.0.1',
  ])('refuses the http issuer %s (RFC 8414 §2)', (ISSUER) => {
    expect(problemsOf({ ...productionEnv, ISSUER })).toEqual([
      `ISSUER must use https in production, except on loopback, not ${ISSUER}`,
    ])
    expect(problemsOf({ ISSUER })).toEqual([])
  })
})

describe('NODE_ENV', () => {
  it.each([
    ['production', true],
    ['development', false],
    ['test', false],
  ])('may be %s', (NODE_ENV, production) => {
    expect(load({ ...productionEnv, NODE_ENV }).production).toBe(production)
  })

  it.each(['prod', 'Production', 'PRODUCTION', ' production', 'production ', 'staging', 'live'])(
    'may not be %j, which would quietly be no production',
    (NODE_ENV) => {
      expect(problemsOf({ ...productionEnv, NODE_ENV })).toEqual([
        `NODE_ENV must be one of production, development, test, not ${JSON.stringify(NODE_ENV)}`,
      ])
    },
  )
})

describe('lifetimes', () => {
  it.each([
    ['ACCESS_TOKEN_TTL', 'REFRESH_TOKEN_TTL', 'an access token would outlive its authorization'],
    ['REFRESH_TOKEN_TTL', 'REFRESH_TOKEN_MAX_TTL', 'one refresh token would outlive the whole chain'],
    ['SESSION_TTL', 'SESSION_MAX_TTL', 'the idle time would outlive the session'],
  ])('%s must not be longer than %s', (shorter, longer, reason) => {
    expect(lifetimeProblems({ [shorter]: 101, [longer]: 100 })).toEqual([
      `${shorter} (101) must not be longer than ${longer} (100): ${reason}`,
    ])
    expect(lifetimeProblems({ [shorter]: 100, [longer]: 100 })).toEqual([])
  })

  it('are compared with the defaults of those that are not set', () => {
    expect(problemsOf({ REFRESH_TOKEN_TTL: '3000' })).toEqual([
      'ACCESS_TOKEN_TTL (3600) must not be longer than REFRESH_TOKEN_TTL (3000): an access token would outlive its authorization',
    ])
  })

  it('that cannot be read are told once', () => {
    expect(problemsOf({ SESSION_MAX_TTL: 'soon', SESSION_TTL: '60' })).toHaveLength(1)
  })
})

describe('nearMisses', () => {
  const known = Object.keys(schema)

  it.each([
    ['REDIS_URI', 'REDIS_URL'],
    ['REDISURL', 'REDIS_URL'],
    ['redis_url', 'REDIS_URL'],
    ['SECRET_KEY', 'SECRET_KEYS'],
    ['SECRETS_KEY', 'SECRET_KEYS'],
    ['SIGNING_KEY', 'SIGNING_KEYS'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['TRUSTED_PROXY', 'TRUST_PROXY'],
    ['CLIENT_FILE', 'CLIENTS_FILE'],
    ['HOSTFILE', 'HOST_FILE'],
    ['RESOURCE', 'RESOURCES'],
    ['ISSUERS', 'ISSUER'],
    ['ACCES_TOKEN_TTL', 'ACCESS_TOKEN_TTL'],
  ])('asks whether %s was meant to be %s', (name, meant) => {
    expect(nearMisses([name], known)).toEqual([`${name} is not a known variable; did you mean ${meant}?`])
  })

  it.each(known)('has nothing to say about %s or its file', (name) => {
    expect(nearMisses([name, `${name}_FILE`], known)).toEqual([])
  })

  it('has nothing to say about what other programs are told', () => {
    const others =
      'PATH HOME USER USERNAME LOGNAME SHELL HOSTNAME HOSTTYPE LANG PWD OLDPWD TERM EDITOR PS1 SHLVL TZ NODE_OPTIONS NODE_VERSION NODE_PATH npm_config_cache YARN_VERSION REDIS_HOST REDIS_PORT REDIS_PASSWORD DATABASE_URL CI DEBUG KUBERNETES_PORT LATCHKEY_SERVICE_HOST LATCHKEY_PORT CLIENT POST PORTS HOSTS SCOPE HISTFILE HISTSIZE HISTCONTROL'
    expect(nearMisses(others.split(' '), known)).toEqual([])
  })
})
