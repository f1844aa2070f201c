import { createOutage } from '../../src/store/redis/outage.ts'

describe('what is told of an outage', () => {
  let told: string[]
  const open = () => {
    told = []
    return createOutage({ lost: (reason) => void told.push(reason), back: () => void told.push('back') })
  }
  beforeEach(() => jest.useFakeTimers())
  afterEach(() => jest.useRealTimers())

  it('is one line when it begins, one a minute with the latest reason, and one when it is over', () => {
    const outage = open()
    outage.back()
    outage.lost('first')
    for (let second = 0; second < 150; second++) {
      jest.advanceTimersByTime(1000)
      outage.lost(`after ${second + 1} seconds`)
    }
    outage.back()
    outage.back()
    outage.lost('another')
    expect(told).toEqual(['first', 'after 60 seconds', 'after 120 seconds', 'back', 'another'])
  })

  it('keeps the reason that says most, and how long it has been so', () => {
    const outage = open()
    expect([outage.reason(), outage.age()]).toEqual([undefined, 0])
    outage.lost('connect ECONNREFUSED 127.0.0.1:6379')
    jest.advanceTimersByTime(500)
    outage.lost('the connection was closed')
    expect([outage.reason(), outage.age()]).toEqual(['connect ECONNREFUSED 127.0.0.1:6379', 500])
  })

  it('is nothing where the connection is closed on purpose', () => {
    const outage = open()
    outage.end()
    outage.lost('the connection was closed')
    expect(told).toEqual([])
  })
})
