import { ALL_STRANGERS, accountOf, countsOf, ONE_CALLER } from '../../src/http/sign-in-attempts.ts'

const caller = { account: accountOf('alice'), username: 'alice', network: '203.0.113.7', device: undefined, now: 1 }
const claims = (changes: Partial<Parameters<typeof countsOf>[0]> = {}) =>
  countsOf({ ...caller, ...changes }).map(({ claim }) => claim)

describe('the two counts of an attempt to sign in', () => {
  it('are those of all strangers at the account, and of the name at the address', () => {
    expect(claims()).toEqual([
      { network: `account:${accountOf('alice')}`, claimed: 'stranger', registered: false, now: 1 },
      { network: '203.0.113.7', claimed: 'alice', registered: true, now: 1 },
    ])
    expect(countsOf(caller).map(({ policy }) => policy)).toEqual([ALL_STRANGERS, ONE_CALLER])
  })

  it('put a known browser in the place of the strangers', () => {
    expect(claims({ device: 'an-id' })).toEqual([
      { network: 'device:an-id', claimed: 'alice', registered: true, now: 1 },
      { network: '203.0.113.7', claimed: 'alice', registered: true, now: 1 },
    ])
  })

  it('are the same for every spelling of a name', () => {
    expect(accountOf(' ＡLICE\t')).toBe(accountOf('alice'))
    expect(claims({ username: ' ＡLICE\t' })).toEqual(claims())
    expect(accountOf('alic')).not.toBe(accountOf('alice'))
  })

  it.each([ONE_CALLER, ALL_STRANGERS])('lock nobody out: no wait is longer than a minute', (policy) => {
    expect(policy.longestWait).toBe(60_000)
    expect(policy.memory).toBeGreaterThan(policy.longestWait)
  })
})
