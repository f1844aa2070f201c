import { type Goal, goals, judge } from '../../bench/goals.ts'
import type { Results } from '../../bench/results.ts'
import { extras, operationResult, results } from './results.ts'

const verdictsOf = (run: Results) => new Map(judge(goals, run).map(({ name, verdict }) => [name, verdict]))
const missedBy = (run: Results) =>
  [...verdictsOf(run)].filter(([, verdict]) => verdict === 'missed').map(([name]) => name)

describe('the goals', () => {
  it('are all met by a run that reaches them', () => {
    expect(new Set(verdictsOf(results()).values())).toEqual(new Set(['met']))
  })

  it('each have a name of their own and one bound', () => {
    expect(new Set(goals.map(({ name }) => name)).size).toBe(goals.length)
    for (const { name, atMost, atLeast } of goals) {
      expect([name, (atMost === undefined) !== (atLeast === undefined)]).toEqual([name, true])
    }
  })

  it('are missed one by one', () => {
    const slow = operationResult({ cpuToExpressFloor: 1.26 })
    expect(missedBy(results({ operations: { ...results().operations, refresh: slow } }))).toEqual([
      'refresh: CPU, times the Express floor',
    ])
    const beaten = operationResult({ rateToProvider: 1.99 })
    expect(missedBy(results({ operations: { ...results().operations, jwks: beaten } }))).toEqual([
      'jwks: throughput, times oidc-provider',
    ])
    const chatty = extras({ roundTrips: { ...extras().roundTrips, authorize: { latchkey: 3 } } })
    expect(missedBy(results({ extras: chatty }))).toEqual(['authorize: round trips to Redis'])
    const heavy = extras({ longRun: { ...extras().longRun, rssAfter: 201 * 2 ** 20 } })
    expect(missedBy(results({ extras: heavy }))).toEqual(['RSS after all flows, MiB'])
  })

  it('are missed by an operation that failed once, whoever failed it and however fast the rest was', () => {
    const failing = operationResult()
    for (const server of ['latchkey', 'express-floor'] as const) {
      const figures = failing.servers[server]
      const servers = { ...failing.servers, [server]: { ...figures, failures: { 'no tokens came': 1 } } }
      const operations = { ...results().operations, redeem: { ...failing, servers } as typeof failing }
      expect(missedBy(results({ operations }))).toEqual(['operations that failed'])
    }
    const late = extras({ longRun: { ...extras().longRun, failures: 1 } })
    expect(missedBy(results({ extras: late }))).toEqual(['operations that failed'])
  })

  it('are neither met nor missed where the run did not measure them', () => {
    const partial = results({ operations: { redeem: operationResult() }, extras: undefined })
    const verdicts = verdictsOf(partial)
    expect(verdicts.get('redeem: CPU, times the Express floor')).toBe('met')
    expect(verdicts.get('refresh: CPU, times the Express floor')).toBe('not measured')
    expect(verdicts.get('bytes of a code')).toBe('not measured')
    expect(missedBy(partial)).toEqual([])
  })

  it('are missed by what is no number', () => {
    const [most, least]: Goal[] = [
      { name: 'most', read: () => Number.NaN, atMost: 1 },
      { name: 'least', read: () => Number.NaN, atLeast: 1 },
    ]
    expect(judge([most, least] as Goal[], results()).map(({ verdict }) => verdict)).toEqual(['missed', 'missed'])
  })
})
