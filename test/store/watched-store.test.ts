import { failureKind } from '../../src/store/failure-kind.ts'
import { createMemoryStore } from '../../src/store/memory/memory-store.ts'
import { StoreUnavailable } from '../../src/store/store.ts'
import { watchStore } from '../../src/store/watched-store.ts'

describe('a watched store', () => {
  it('tells the beginning and the end of every move, and gives the same answer', async () => {
    const told: string[] = []
    const store = watchStore(createMemoryStore(), (move) => {
      told.push(`begin ${move}`)
      return (failure) => void told.push(`end ${move}: ${failure}`)
    })
    expect(await store.authorizations.find('none', 0)).toBeUndefined()
    expect(await store.once.use('a', 'b', 10, 0)).toBe(true)
    expect(await store.once.use('a', 'b', 10, 0)).toBe(false)
    expect(await store.refusals.find('none')).toBeUndefined()
    await store.check(0)
    await store.close()
    const moves = ['authorizations.find', 'once.use', 'once.use', 'refusals.find', 'check']
    expect(told).toEqual(moves.flatMap((move) => [`begin ${move}`, `end ${move}: undefined`]))
  })

  it('tells a failure by its kind, and throws what the store threw', async () => {
    const gone = new StoreUnavailable('Connection is closed.')
    const failures: unknown[] = []
    const broken = { ...createMemoryStore(), check: () => Promise.reject(gone) }
    const store = watchStore(broken, () => (failure) => void failures.push(failure))
    await expect(store.check(0)).rejects.toBe(gone)
    expect(failures).toEqual(['connection'])
  })
})

it.each([
  ['Command timed out', 'timeout'],
  ['connect ETIMEDOUT', 'timeout'],
  ['no answer within 1500 ms', 'timeout'],
  ['the request waited for Redis for 1650 ms already', 'timeout'],
  ['1000 commands wait for Redis already', 'crowded'],
  ['0 of 1 replicas confirmed a write', 'not-replicated'],
  ['Connection is closed.', 'connection'],
  ['connect ECONNREFUSED 127.0.0.1:6379', 'connection'],
  ["Stream isn't writeable and enableOfflineQueue options is false", 'connection'],
  ["OOM command not allowed when used memory > 'maxmemory'.", 'out-of-memory'],
  ["READONLY You can't write against a read only replica.", 'not-writable'],
  ['LOADING Redis is loading the dataset in memory', 'not-writable'],
  ['NOAUTH Authentication required.', 'not-permitted'],
  ['ERR unknown command', 'script'],
  ['WRONGTYPE Operation against a key holding the wrong kind of value', 'script'],
])('a store that is out of reach with %j fails by %s', (reason, kind) => {
  expect(failureKind(new StoreUnavailable(reason))).toBe(kind)
})

it('what is no failure of the store to answer is unexpected', () => {
  expect(failureKind(new TypeError('timed out'))).toBe('unexpected')
})
