import { makeCertificate } from '../helpers/certificate.ts'
import { load, problemsOf, productionEnv } from './load.ts'

const SENTINEL = { REDIS_SENTINELS: 's1:26379, s2:26380', REDIS_SENTINEL_NAME: 'records' }
const CLUSTER = { REDIS_CLUSTER_NODES: 'redis-1:6379,[2001:db8::1]:7000' }
const common = { keyPrefix: 'latchkey:', tlsCa: undefined, commandTimeout: 1500, waitReplicas: 0 }

describe('where Redis is', () => {
  it('is said by REDIS_URL', () => {
    expect(load({ REDIS_URL: 'redis://one:6379' }).redis).toEqual({
      kind: 'single',
      url: 'redis://one:6379',
      ...common,
    })
  })

  it('is said by sentinels', () => {
    const login = {
      REDIS_USERNAME: 'latchkey',
      REDIS_PASSWORD: 'pw',
      REDIS_SENTINEL_PASSWORD: 'other',
      REDIS_TLS: 'true',
    }
    expect(load({ ...SENTINEL, ...login }).redis).toEqual({
      kind: 'sentinel',
      sentinels: [
        { host: 's1', port: 26379 },
        { host: 's2', port: 26380 },
      ],
      name: 'records',
      username: 'latchkey',
      password: 'pw',
      sentinelPassword: 'other',
      tls: true,
      ...common,
    })
  })

  it('is said by nodes of a cluster', () => {
    const more = { REDIS_COMMAND_TIMEOUT: '100', REDIS_WAIT_REPLICAS: '2' }
    expect(load({ ...CLUSTER, ...more }).redis).toMatchObject({
      kind: 'cluster',
      nodes: [
        { host: 'redis-1', port: 6379 },
        { host: '2001:db8::1', port: 7000 },
      ],
      tls: false,
      commandTimeout: 100,
      waitReplicas: 2,
    })
  })

  it.each([SENTINEL, CLUSTER])('is enough for production', (form) => {
    expect(problemsOf({ ...productionEnv, REDIS_URL: undefined, ...form })).toEqual([])
  })

  it('is said once', () => {
    expect(problemsOf({ REDIS_URL: 'redis://one:6379', ...SENTINEL, ...CLUSTER })).toEqual([
      'REDIS_URL and REDIS_SENTINELS and REDIS_CLUSTER_NODES are set together: each says where Redis is, so keep one of them',
    ])
  })

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'sentinels without a name',
      { REDIS_SENTINELS: 's1:26379' },
      /^REDIS_SENTINEL_NAME is required with REDIS_SENTINELS/,
    ],
    ['a name without sentinels', { REDIS_SENTINEL_NAME: 'records' }, /^REDIS_SENTINEL_NAME means nothing without/],
    [
      'a password beside a URL',
      { REDIS_URL: 'redis://one:6379', REDIS_PASSWORD: 'pw' },
      /^REDIS_PASSWORD means nothing without REDIS_SENTINELS or REDIS_CLUSTER_NODES; REDIS_URL says it itself$/,
    ],
    ['TLS beside a URL', { REDIS_URL: 'redis://one:6379', REDIS_TLS: 'true' }, /^REDIS_TLS means nothing without/],
    ['a user without a password', { ...CLUSTER, REDIS_USERNAME: 'latchkey' }, /^REDIS_PASSWORD is required with/],
    [
      'a password of sentinels for a cluster',
      { ...CLUSTER, REDIS_SENTINEL_PASSWORD: 'pw' },
      /^REDIS_SENTINEL_PASSWORD/,
    ],
    ['too little time', { REDIS_COMMAND_TIMEOUT: '99' }, /^REDIS_COMMAND_TIMEOUT must be .* from 100 to 1900/],
    ['too much time', { REDIS_COMMAND_TIMEOUT: '1901' }, /^REDIS_COMMAND_TIMEOUT must be/],
    ['too many replicas', { REDIS_WAIT_REPLICAS: '11' }, /^REDIS_WAIT_REPLICAS must be .* from 0 to 10/],
    ['authorities that are none', { ...CLUSTER, REDIS_TLS: 'true', REDIS_TLS_CA: 'nothing' }, /^REDIS_TLS_CA must be/],
  ])('has a problem with %s', (_what, env, words) => {
    expect(problemsOf(env)).toEqual([expect.stringMatching(words)])
  })

  it.each([
    'redis-1',
    'redis-1:',
    ':6379',
    'redis-1:0',
    'redis-1:65536',
    'one:1,,two:2',
    'redis://one:6379',
    '[::1:6379',
  ])('is no address: %s', (value) => {
    const [problem] = problemsOf({ REDIS_CLUSTER_NODES: value })
    expect(problem).toMatch(/^REDIS_CLUSTER_NODES must be addresses host:port, parted by commas; number \d is none$/)
  })

  it('has a problem with an address that is named twice: it would have two votes', () => {
    const env = { ...SENTINEL, REDIS_SENTINELS: 'one:26379,two:26379, one:26379' }
    expect(problemsOf(env)).toEqual(['REDIS_SENTINELS must name each address once; number 3 stands there before'])
  })

  it('takes authorities from a file, where TLS is spoken', () => {
    const { cert } = makeCertificate('redis.example')
    const files = { '/ca.pem': cert }
    const env = { REDIS_URL: 'rediss://one:6379', REDIS_TLS_CA_FILE: '/ca.pem' }
    expect(load(env, files).redis?.tlsCa).toBe(cert.trim())
    expect(problemsOf({ ...env, REDIS_URL: 'redis://one:6379' }, files)).toEqual([
      'REDIS_TLS_CA means nothing without TLS: set REDIS_TLS=true, or begin REDIS_URL with rediss://',
    ])
    expect(problemsOf({ ...SENTINEL, REDIS_TLS: 'true', REDIS_TLS_CA: cert })).toEqual([])
  })
})
