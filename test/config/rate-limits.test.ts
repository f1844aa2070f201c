import { DEFAULT_RATE_LIMITS, rateLimits, writeRateLimits } from '../../src/config/rate-limits.ts'
import { linesOf, load, problemsOf } from './load.ts'

it('without RATE_LIMITS the limits are generous ones for a minute', () => {
  expect(load({}).rateLimits).toEqual(DEFAULT_RATE_LIMITS)
  expect(load({}).rateLimits['token-by-address']).toEqual({ requests: 1200, window: 60_000 })
  expect(load({}).rateLimits['introspection-by-client']).toEqual({ requests: 60_000, window: 60_000 })
})

it('RATE_LIMITS changes what it names, and the rest keeps its default', () => {
  const { rateLimits: limits } = load({ RATE_LIMITS: 'token-by-address=5/10, sign-in-by-address=off' })
  expect(limits).toEqual({
    ...DEFAULT_RATE_LIMITS,
    'token-by-address': { requests: 5, window: 10_000 },
    'sign-in-by-address': undefined,
  })
})

it('RATE_LIMITS may be off as a whole', () => {
  expect(Object.values(load({ RATE_LIMITS: 'off' }).rateLimits)).toEqual(Array(7).fill(undefined))
})

it('what .env.example shows as the default is the default', () => {
  expect(rateLimits(writeRateLimits(DEFAULT_RATE_LIMITS))).toEqual(DEFAULT_RATE_LIMITS)
})

it.each([
  'token-by-address=',
  'token-by-address',
  'token-by-address=0/60',
  'token-by-address=60/0',
  'token-by-address=60',
  'token-by-address=1.5/60',
  'token-by-address=-1/60',
  'token-by-address=60/86401',
  'token-by-address=1000000001/60',
  'token-by-address=1/2/3',
  'token-by-address=1/60=2',
  'token-by-address= 1/60',
  'token-by-address=OFF',
])('RATE_LIMITS may not be %s', (value) => {
  const [, text = ''] = /=(.*)$/.exec(value) ?? []
  expect(problemsOf({ RATE_LIMITS: value })).toEqual([
    `RATE_LIMITS has token-by-address=${JSON.stringify(text)}: it must be requests/seconds such as 600/60, at most 1000000000/86400, or off`,
  ])
})

it.each(['token-by-address=1/1', 'token-by-address=1000000000/86400'])('RATE_LIMITS may be %s', (value) => {
  expect(problemsOf({ RATE_LIMITS: value })).toEqual([])
})

it('names every entry that is wrong, and the limit that was meant', () => {
  expect(
    linesOf(() => rateLimits('token-per-address=1/1,par-by-client=1/1,par-by-client=2/1,,constructor=1/1')),
  ).toEqual([
    'has "token-per-address", which is no limit; did you mean token-by-address?',
    'has par-by-client twice',
    'has "", which is no limit; did you mean par-by-client?',
    'has "constructor", which is no limit; did you mean par-by-client?',
  ])
})
