import { createMac } from '../../src/lib/mac.ts'
import { systemRandom } from '../../src/lib/random.ts'
import { type HandleMacs, readCode, readRefreshToken, writeCode, writeRefreshToken } from '../../src/oauth/handles.ts'

const macsOf = (...secrets: string[]): HandleMacs => ({
  code: createMac(secrets, 'code'),
  refreshToken: createMac(secrets, 'refresh token'),
})

const OLD = 'the older secret of more than 32 characters'
const NEW = 'the newer secret of more than 32 characters'
const macs = macsOf(NEW)

const id = 'AbCdEfGhIjKlMnOpQrSt-_'
const code = writeCode(id, macs)
const token = writeRefreshToken(id, 12, macs)

// All that could stand in a URL or a form, and some that could not.
const CHARACTERS = [...Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)), '\n', '\0', 'é', 'А']

/** Both kinds of handle, and whether this server takes a text for one. */
const kinds: [string, string, (text: string) => boolean][] = [
  ['code', code, (text) => readCode(text, macs) !== undefined],
  ['refresh token', token, (text) => readRefreshToken(text, macs) !== undefined],
]

it('reads the id back from a code', () => {
  expect(code).toMatch(/^lkc_[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}$/)
  expect(readCode(code, macs)).toBe(id)
})

it.each([1, 2, 10, 9_999_999_999])('reads id and generation %i back from a refresh token', (generation) => {
  const text = writeRefreshToken(id, generation, macs)
  expect(text).toMatch(/^lkr_[A-Za-z0-9_-]{22}\.[0-9]+\.[A-Za-z0-9_-]{43}$/)
  expect(readRefreshToken(text, macs)).toEqual({ id, generation })
})

it('reads the handles of a hundred random ids', () => {
  for (let count = 0; count < 100; count++) {
    const random = systemRandom.id()
    expect(readCode(writeCode(random, macs), macs)).toBe(random)
    expect(readRefreshToken(writeRefreshToken(random, 1, macs), macs)).toEqual({ id: random, generation: 1 })
  }
})

describe.each(kinds)('a %s', (_, handle, accepts) => {
  it('is taken as it was made', () => {
    expect(accepts(handle)).toBe(true)
  })

  it('is refused when any one character is another', () => {
    const accepted = [...handle].flatMap((own, index) =>
      CHARACTERS.filter((character) => character !== own)
        .map((character) => handle.slice(0, index) + character + handle.slice(index + 1))
        .filter(accepts),
    )
    expect(accepted).toEqual([])
  })

  it('is refused when it is cut off anywhere, at either end', () => {
    const cuts = Array.from(handle).flatMap((_character, index) => [handle.slice(0, index), handle.slice(index + 1)])
    expect(cuts.filter(accepts)).toEqual([])
  })

  it('is refused when a character is left out or put in anywhere', () => {
    const shorter = [...handle].map((_character, index) => handle.slice(0, index) + handle.slice(index + 1))
    const longer = Array.from({ length: handle.length + 1 }, (_, index) =>
      CHARACTERS.map((character) => handle.slice(0, index) + character + handle.slice(index)),
    ).flat()
    expect([...shorter, ...longer].filter(accepts)).toEqual([])
  })

  it.each(['', ' ', '.', 'lkc_', 'lkr_.', `lkc_${id}`, `lkr_${id}.1`, 'x'.repeat(10_000)])(
    'is not %j, which no server made',
    (text) => {
      expect(accepts(text)).toBe(false)
    },
  )

  it('is refused twice over and in another case', () => {
    expect(
      [handle + handle, `${handle} ${handle}`, handle.toUpperCase(), handle.toLowerCase()].filter(accepts),
    ).toEqual([])
  })
})

it('takes nothing made under a foreign key', () => {
  const foreign = macsOf(OLD)
  expect(readCode(code, foreign)).toBeUndefined()
  expect(readRefreshToken(token, foreign)).toBeUndefined()
})

it('takes handles made before a new key was put in front, until the old key goes', () => {
  const before = macsOf(OLD)
  const during = macsOf(NEW, OLD)
  expect(readCode(writeCode(id, before), during)).toBe(id)
  expect(readRefreshToken(writeRefreshToken(id, 3, before), during)).toEqual({ id, generation: 3 })
  expect(writeCode(id, during)).toBe(code)
  expect(readCode(writeCode(id, before), macs)).toBeUndefined()
  expect(readRefreshToken(writeRefreshToken(id, 3, before), macs)).toBeUndefined()
})

it('does not take a code as a refresh token or the other way round, not even with the other prefix', () => {
  expect(readRefreshToken(code, macs)).toBeUndefined()
  expect(readCode(token, macs)).toBeUndefined()
  expect(readRefreshToken(code.replace('lkc_', 'lkr_'), macs)).toBeUndefined()
  expect(readRefreshToken(code.replace('lkc_', 'lkr_').replace('.', '.1.'), macs)).toBeUndefined()
  expect(readCode(token.replace('lkr_', 'lkc_'), macs)).toBeUndefined()
  expect(readCode(token.replace('lkr_', 'lkc_').replace('.12.', '.'), macs)).toBeUndefined()
})

it('does not take a part of one handle with a part of another', () => {
  const other = 'ZyXwVuTsRqPoNmLkJiHg01'
  const macOf = (handle: string) => handle.slice(handle.lastIndexOf('.') + 1)
  expect(readCode(`lkc_${id}.${macOf(writeCode(other, macs))}`, macs)).toBeUndefined()
  expect(readRefreshToken(`lkr_${other}.12.${macOf(token)}`, macs)).toBeUndefined()
  expect(readRefreshToken(`lkr_${id}.13.${macOf(token)}`, macs)).toBeUndefined()
})

it.each(['012', '0', '-1', '1e1', '12.0', '+12', ' 12', '12345678901'])(
  'does not take %j as a generation, even when it is signed',
  (generation) => {
    const text = `${id}.${generation}`
    expect(readRefreshToken(`lkr_${text}.${macs.refreshToken.sign(text)}`, macs)).toBeUndefined()
  },
)
