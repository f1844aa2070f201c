import { createAtOnce } from '../../src/lib/at-once.ts'

/** Work that is begun and ended by hand. */
function works() {
  const begun: string[] = []
  const ends = new Map<string, (failure?: Error) => void>()
  const work = (name: string) => () => {
    begun.push(name)
    return new Promise<string>((resolve, reject) => {
      ends.set(name, (failure) => (failure === undefined ? resolve(name) : reject(failure)))
    })
  }
  return { begun, work, end: (name: string, failure?: Error) => ends.get(name)?.(failure) }
}

const soon = () => new Promise((resolve) => setImmediate(resolve))

describe('work that is done so much at once', () => {
  it('begins at once up to the limit, and then as others end, in order', async () => {
    const { begun, work, end } = works()
    const atOnce = createAtOnce(2)
    const results = ['a', 'b', 'c', 'd'].map((name) => atOnce(work(name)))
    await soon()
    expect(begun).toEqual(['a', 'b'])
    end('b')
    await soon()
    expect(begun).toEqual(['a', 'b', 'c'])
    end('a')
    end('c')
    await soon()
    expect(begun).toEqual(['a', 'b', 'c', 'd'])
    end('d')
    expect(await Promise.all(results)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('goes on after work that failed, and after a pause', async () => {
    const { begun, work, end } = works()
    const atOnce = createAtOnce(1)
    const first = expect(atOnce(work('a'))).rejects.toThrow('broken')
    const second = atOnce(work('b'))
    await soon()
    end('a', new Error('broken'))
    await first
    await soon()
    end('b')
    await second
    const third = atOnce(work('c'))
    await soon()
    expect(begun).toEqual(['a', 'b', 'c'])
    end('c')
    expect(await third).toBe('c')
  })
})
