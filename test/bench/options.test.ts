import { readOptions } from '../../bench/options.ts'

describe('the command line of the benchmark', () => {
  it('measures everything unless told otherwise', () => {
    expect(readOptions([])).toEqual({ quick: false, guard: false, only: undefined, profile: undefined })
  })

  it('takes some operations, one to profile, and both switches', () => {
    expect(readOptions(['--quick', '--guard', '--only', 'redeem,authorize+redeem'])).toEqual({
      quick: true,
      guard: true,
      only: ['redeem', 'authorize+redeem'],
      profile: undefined,
    })
    expect(readOptions(['--profile', 'refresh']).profile).toBe('refresh')
  })

  it.each([
    [['--only', 'redeem,refesh'], '--only knows redeem, refresh, '],
    [['--profile', 'everything'], 'not everything'],
    [['--fast'], '--fast'],
  ])('refuses %j and names what is wrong', (args, complaint) => {
    expect(() => readOptions(args)).toThrow(complaint)
  })
})
