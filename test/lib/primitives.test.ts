import { systemClock, toSeconds } from '../../src/lib/clock.ts'
import { sha256 } from '../../src/lib/digest.ts'
import { parseUrl } from '../../src/lib/parse-url.ts'
import { systemRandom } from '../../src/lib/random.ts'
import { safeEqual } from '../../src/lib/safe-equal.ts'
import { whileSame } from '../../src/lib/while-same.ts'

describe('safeEqual', () => {
  it.each(['', 'a', 'é', 'x'.repeat(10_000), '\0'])('takes a text as equal to itself', (text) => {
    expect(safeEqual(text, `${text}`)).toBe(true)
  })

  it.each([
    ['', 'a'],
    ['a', ''],
    ['secret', 'secreT'],
    ['secret', 'secret '],
    ['secret', 'secret\0'],
    ['secret', 'secre'],
    ['é', 'e\u0301'],
  ])('tells %j from %j, also where their lengths differ', (a, b) => {
    expect(safeEqual(a, b)).toBe(false)
  })
})

describe('sha256', () => {
  it('is the base64url of the digest without padding (FIPS 180-4, example "abc")', () => {
    const expected = Buffer.from('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', 'hex')
    expect(sha256('abc')).toBe(expected.toString('base64url'))
    expect(sha256(Buffer.from('abc'))).toBe(sha256('abc'))
  })

  it('hashes the UTF-8 bytes of a text', () => {
    expect(sha256('é')).toBe(sha256(Uint8Array.of(0xc3, 0xa9)))
  })
})

describe('systemRandom', () => {
  it('gives ids of 128 bits and secrets of 256, each once', () => {
    const ids = Array.from({ length: 1000 }, () => systemRandom.id())
    const secrets = Array.from({ length: 1000 }, () => systemRandom.secret())
    expect(ids.filter((id) => !/^[A-Za-z0-9_-]{22}$/.test(id))).toEqual([])
    expect(secrets.filter((secret) => !/^[A-Za-z0-9_-]{43}$/.test(secret))).toEqual([])
    expect(new Set([...ids, ...secrets]).size).toBe(2000)
  })
})

describe('whileSame', () => {
  it('makes a thing again only when one of its parts is another', () => {
    let parts: [object, object] = [{}, {}]
    const make = jest.fn((...made: [object, object]) => ({ made }))
    const thing = whileSame(() => parts, make)
    const first = thing()
    parts = [...parts]
    expect(thing()).toBe(first)
    parts = [parts[0], {}]
    expect(thing()).toEqual({ made: parts })
    expect(make).toHaveBeenCalledTimes(2)
  })
})

describe('the clock', () => {
  it('gives milliseconds', () => {
    const before = Date.now()
    const now = systemClock.now()
    expect(now).toBeGreaterThanOrEqual(before)
    expect(now).toBeLessThanOrEqual(Date.now())
  })

  it.each([
    [0, 0],
    [999, 0],
    [1000, 1],
    [1_700_000_000_999, 1_700_000_000],
  ])('rounds %i milliseconds down to %i seconds, so that no token is issued in the future (RFC 7519 §2)', (ms, s) => {
    expect(toSeconds(ms)).toBe(s)
  })
})

it('knows a URL with letters beyond ASCII however often it was asked before', () => {
  for (let count = 0; count < 20_000; count++) parseUrl(`https://example.com/${count}`)
  expect(parseUrl('https://münchen.example')?.host).toBe('xn--mnchen-3ya.example')
  expect(parseUrl('münchen')).toBeUndefined()
})
