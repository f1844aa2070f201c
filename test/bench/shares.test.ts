import type { Frame } from '../../bench/profile.ts'
import { partOf, sharesOf } from '../../bench/shares.ts'

const frame = (functionName: string, url = ''): Frame => ({ functionName, url, lineNumber: 9 })

const handler = frame('handler', 'file:///srv/dist/endpoints/token.js')
const send = frame('sendCommand', 'file:///srv/node_modules/ioredis/built/Redis.js')
const gather = frame('gather', 'file:///srv/dist/store/redis/gather-writes.js')
const log = frame('write', 'file:///srv/node_modules/pino/lib/proto.js')
const socket = frame('writeGeneric', 'node:internal/stream_base_commons')

describe('the parts of a profile', () => {
  it.each([
    ['the own code of the server', [handler], 'Latchkey itself'],
    ['Express', [frame('next', 'file:///srv/node_modules/router/index.js'), handler], 'Express'],
    ['a command', [send, handler], 'Redis client'],
    ['the write of a command', [frame('writeUtf8String'), socket, send, handler], 'writes to Redis'],
    ['the write of several', [frame('writev'), socket, gather], 'writes to Redis'],
    ['the write of an answer', [frame('writeLatin1String'), socket, handler], 'sockets of clients'],
    ['JSON, wherever it is made', [frame('stringify'), handler], 'JSON'],
    ['JSON of the log', [frame('stringify'), log, handler], 'logging'],
    ['a line of the log', [frame('writeString'), frame('writeSync', 'node:fs'), log, handler], 'logging'],
    ['a signature', [frame('sign'), frame('signOneShot', 'node:internal/crypto/sig'), handler], 'crypto'],
    ['the headers of an answer', [frame('setHeader', 'node:_http_outgoing'), handler], 'HTTP of Node'],
    ['garbage', [frame('(garbage collector)'), handler], 'garbage collection'],
    ['what is none of these', [frame('processTicks', 'node:internal/process/task_queues')], 'everything else'],
  ])('know %s', (_what, stack, part) => {
    expect(partOf(stack)).toBe(part)
  })

  it('have the time of one operation', () => {
    const nodes = [
      { id: 1, callFrame: frame('(root)'), children: [2, 3] },
      { id: 2, callFrame: handler },
      { id: 3, callFrame: frame('(idle)') },
    ]
    const shares = sharesOf({ nodes, samples: [2, 3, 2], timeDeltas: [10, 1000, 20] }, 3)
    expect(shares['Latchkey itself']).toBe(10)
    expect(Object.values(shares).reduce((sum, time) => sum + time)).toBe(10)
  })
})
