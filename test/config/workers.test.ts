import { publicClient } from '../helpers/fixtures.ts'
import { load, problemsOf, productionEnv } from './load.ts'

const { SECRET_KEYS, SIGNING_KEYS, REDIS_URL } = productionEnv
const WEB_CONCURRENCY = '2'

describe('WEB_CONCURRENCY above 1', () => {
  it('needs everything given that each process would otherwise make up for itself', () => {
    expect(problemsOf({ WEB_CONCURRENCY })).toEqual([
      'REDIS_URL is required where WEB_CONCURRENCY is more than 1: in memory no process would know what another one did',
      'SECRET_KEYS is required where WEB_CONCURRENCY is more than 1: made up, it would be another one in every process',
      'SIGNING_KEYS is required where WEB_CONCURRENCY is more than 1: made up, they would be others in every process',
    ])
    expect(load({ WEB_CONCURRENCY, SECRET_KEYS, SIGNING_KEYS, REDIS_URL }).workers).toBe(2)
    expect(problemsOf({ WEB_CONCURRENCY: '1' })).toEqual([])
  })

  it('takes sentinels or a cluster in place of REDIS_URL', () => {
    const env = { WEB_CONCURRENCY, SECRET_KEYS, SIGNING_KEYS }
    expect(load({ ...env, REDIS_CLUSTER_NODES: 'redis-1:6379' }).workers).toBe(2)
    expect(load({ ...env, REDIS_SENTINELS: 'redis-1:26379', REDIS_SENTINEL_NAME: 'main' }).workers).toBe(2)
  })

  it('needs PAIRWISE_SALT where a client has pairwise subjects', () => {
    const CLIENTS = JSON.stringify([{ ...publicClient, subject_type: 'pairwise' }])
    const env = { WEB_CONCURRENCY, SECRET_KEYS, SIGNING_KEYS, REDIS_URL, CLIENTS }
    expect(problemsOf({ ...env, SCOPES: '{"read":"Read","write":"Write"}' })).toEqual([
      'PAIRWISE_SALT is required where WEB_CONCURRENCY is more than 1: made up, it would be another one in every process',
    ])
  })

  it('refuses the memory store that production was allowed', () => {
    const env = { ...productionEnv, REDIS_URL: undefined, WEB_CONCURRENCY, ALLOW_MEMORY_STORE: 'true' }
    expect(problemsOf(env)).toEqual([
      'REDIS_URL is required where WEB_CONCURRENCY is more than 1: in memory no process would know what another one did',
    ])
  })

  it('says in production once what is missing', () => {
    expect(problemsOf({ NODE_ENV: 'production', WEB_CONCURRENCY })).toHaveLength(4)
    expect(problemsOf({ ...productionEnv, WEB_CONCURRENCY })).toEqual([])
  })
})

it.each(['0', '65', '1.5', 'auto', '-1'])('WEB_CONCURRENCY cannot be %s', (value) => {
  expect(problemsOf({ WEB_CONCURRENCY: value })).toEqual([
    `WEB_CONCURRENCY must be a whole number from 1 to 64, not "${value}"`,
  ])
})
