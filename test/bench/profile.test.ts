import {
  type CpuProfile,
  placeOf,
  timeByCaller,
  timeByFunction,
  timeByPlace,
  writeProfile,
} from '../../bench/profile.ts'

const frame = (functionName: string, url: string) => ({ functionName, url, lineNumber: 9 })

/** handler calls sign, which calls Node; the process was idle for a while, and the profiler at work. */
const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(root)', ''), children: [2, 6, 8] },
    { id: 2, callFrame: frame('handler', 'file:///srv/dist/endpoints/token.js'), children: [3] },
    { id: 3, callFrame: frame('sign', 'file:///srv/node_modules/jose/dist/sign.js'), children: [4] },
    { id: 4, callFrame: frame('signJob', 'node:internal/crypto/sig'), children: [5, 7] },
    { id: 5, callFrame: frame('handler', 'file:///srv/dist/endpoints/token.js') },
    { id: 6, callFrame: frame('(idle)', '') },
    { id: 7, callFrame: frame('run', '') },
    { id: 8, callFrame: frame('post', 'node:inspector'), children: [9] },
    { id: 9, callFrame: frame('dispatch', '') },
  ],
  samples: [2, 3, 4, 5, 6, 7, 9],
  timeDeltas: [10, 20, 30, 40, 1000, 5, 500],
}

describe('a profile', () => {
  it.each([
    ['/srv/node_modules/express/lib/response.js', 'Express and its router'],
    ['/srv/node_modules/router/lib/layer.js', 'Express and its router'],
    ['/srv/node_modules/redis-parser/lib/parser.js', 'ioredis'],
    ['/srv/node_modules/ioredis/built/Redis.js', 'ioredis'],
    ['/srv/node_modules/pino/lib/tools.js', 'pino'],
    ['/srv/node_modules/sonic-boom/index.js', 'pino'],
    ['/srv/node_modules/jose/dist/webapi/jws/sign.js', 'jose'],
    ['file:///srv/dist/http/form.js', 'latchkey: http'],
    ['file:///srv/dist/store/redis/script.js', 'latchkey: store/redis'],
    ['node:_http_outgoing', 'node: http'],
    ['node:internal/crypto/hash', 'node: crypto'],
    ['node:net', 'node: sockets'],
    ['node:fs', 'node: files'],
    ['node:internal/process/task_queues', 'node: other'],
  ])('puts %s with %s', (url, place) => {
    expect(placeOf(frame('f', url))).toBe(place)
  })

  it('sums the own time of each place, native functions where they were called, idle time and the profiler nowhere', () => {
    expect(timeByPlace(profile)).toEqual(
      new Map([
        ['latchkey: endpoints', 50],
        ['jose', 20],
        ['node: crypto', 35],
      ]),
    )
  })

  it('counts for a function all that it calls, and itself once where it calls itself', () => {
    expect(timeByFunction(profile)).toEqual(
      new Map([
        ['handler endpoints/token.js:10', 105],
        ['sign jose/dist/sign.js:10', 95],
      ]),
    )
  })

  it('charges a function with what Node does for it, and with nothing that others do', () => {
    expect(timeByCaller(profile)).toEqual(
      new Map([
        ['handler endpoints/token.js:10', 50],
        ['sign jose/dist/sign.js:10', 55],
      ]),
    )
  })

  it('tells microseconds an operation, and what the other threads had', () => {
    const text = writeProfile(profile, 10, 0.025)
    expect(text).toMatch(/^\| latchkey: endpoints +\| +5\.00 \| +47\.6 % \|$/m)
    expect(text).toContain('compiling): 14.5 µs an operation')
  })
})
