import { createRestarts } from '../../src/process/restarts.ts'
import { createTestClock } from '../helpers/clock.ts'

describe('when workers die', () => {
  const atStart = { listeningSince: undefined, othersServe: false }

  it('the pauses before the next start double, up to half a minute', () => {
    const clock = createTestClock()
    const restarts = createRestarts(clock)
    const pauses = Array.from({ length: 11 }, () => {
      restarts.listening()
      return restarts.afterDeath({ listeningSince: clock.now(), othersServe: false })
    })
    expect(pauses.slice(0, 4)).toEqual([100, 200, 400, 800].map((pause) => ({ pause })))
    expect(pauses.slice(-2)).toEqual([30_000, 30_000].map((pause) => ({ pause })))
  })

  it('a worker that served for a minute begins the pauses anew', () => {
    const clock = createTestClock()
    const restarts = createRestarts(clock)
    const listeningSince = clock.now()
    const died = () => restarts.afterDeath({ listeningSince, othersServe: true })
    clock.advance({ seconds: 59 })
    expect([died(), died()]).toEqual([{ pause: 100 }, { pause: 200 }])
    clock.advance({ seconds: 1 })
    expect(died()).toEqual({ pause: 100 })
  })

  it('five failed starts in a row are the end', () => {
    const restarts = createRestarts(createTestClock())
    const answers = Array.from({ length: 5 }, () => restarts.afterDeath(atStart))
    expect(answers).toEqual([{ pause: 100 }, { pause: 200 }, { pause: 400 }, { pause: 800 }, 'give-up'])
  })

  it('one that served in between begins the count anew', () => {
    const restarts = createRestarts(createTestClock())
    for (let times = 0; times < 4; times++) restarts.afterDeath(atStart)
    restarts.listening()
    expect(restarts.afterDeath(atStart)).not.toBe('give-up')
  })

  it('they are started again for ever while another one serves', () => {
    const restarts = createRestarts(createTestClock())
    for (let times = 0; times < 20; times++) {
      expect(restarts.afterDeath({ ...atStart, othersServe: true })).not.toBe('give-up')
    }
    expect(restarts.afterDeath(atStart)).toBe('give-up')
  })
})
