import { createMac } from '../../src/lib/mac.ts'

const OLD = 'the older secret of more than 32 characters'
const NEW = 'the newer secret of more than 32 characters'

const mac = createMac([NEW], 'test')

it('verifies what it signed, in another process as well', () => {
  const code = mac.sign('text')
  expect(code).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(createMac([NEW], 'test').verify('text', code)).toBe(true)
})

it.each(['', 'Text', 'text ', 'text\0', 'tex'])('does not verify the code of another text: %j', (text) => {
  expect(mac.verify(text, mac.sign('text'))).toBe(false)
})

it('tells text apart that only differs outside ASCII', () => {
  expect(mac.verify('e\u0301', mac.sign('\u00e9'))).toBe(false)
})

it('proves nothing for another purpose under the same secret (RFC 5869 §3.2)', () => {
  expect(createMac([NEW], 'other').verify('text', mac.sign('text'))).toBe(false)
})

it('proves nothing under another secret', () => {
  expect(createMac([OLD], 'test').verify('text', mac.sign('text'))).toBe(false)
})

it('signs with the first secret and verifies with all: secrets are rotated by putting a new one in front', () => {
  const before = createMac([OLD], 'test')
  const during = createMac([NEW, OLD], 'test')
  expect(during.verify('text', before.sign('text'))).toBe(true)
  expect(during.sign('text')).toBe(mac.sign('text'))
  expect(mac.verify('text', before.sign('text'))).toBe(false)
})

it('refuses a code in which any one character is another', () => {
  const code = mac.sign('text')
  const accepted = [...code].flatMap((own, index) =>
    [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. \n\0é']
      .filter((character) => character !== own)
      .map((character) => code.slice(0, index) + character + code.slice(index + 1))
      .filter((changed) => mac.verify('text', changed)),
  )
  expect(accepted).toEqual([])
})

it('refuses the other spellings of the very same bytes, so that a value has one spelling only', () => {
  const code = mac.sign('text')
  const others = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
    .map((last) => code.slice(0, -1) + last)
    .filter((other) => other !== code && Buffer.from(other, 'base64url').equals(Buffer.from(code, 'base64url')))
  expect(others).toHaveLength(3)
  expect(others.filter((other) => mac.verify('text', other))).toEqual([])
})

it.each<[string, (code: string) => string]>([
  ['is empty', () => ''],
  ['is cut short', (code) => code.slice(0, -1)],
  ['is too long', (code) => `${code}A`],
  ['is padded', (code) => `${code}=`],
  ['has a line end', (code) => `${code}\n`],
])('refuses a code that %s', (_, change) => {
  expect(mac.verify('text', change(mac.sign('text')))).toBe(false)
})

it('cannot be made without a secret', () => {
  expect(() => createMac([], 'test')).toThrow('at least one secret')
})
