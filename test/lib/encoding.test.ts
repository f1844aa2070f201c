import { isBase64Url, readBase64Text, readPercentEncoded, readUtf8 } from '../../src/lib/encoding.ts'

describe('readPercentEncoded', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['a+b', 'a b'],
    ['a%2Bb', 'a+b'],
    ['a%2bb', 'a+b'],
    ['%25', '%'],
    ['%2525', '%25'],
    ['%C3%A9', 'é'],
    ['%F0%9F%94%91', '🔑'],
    ['é', 'é'],
    ['%00', '\0'],
  ])('reads %j as %j (WHATWG URL §5.1)', (encoded, text) => {
    expect(readPercentEncoded(encoded)).toBe(text)
  })

  it.each([
    ['%', 'a lone percent sign'],
    ['100%', 'a percent sign at the end'],
    ['%4', 'one hex digit'],
    ['%zz', 'no hex digits'],
    ['%u0041', 'the spelling of old JavaScript'],
    ['%E9', 'Latin-1'],
    ['%C3', 'a sequence cut short'],
    ['%C0%80', 'an overlong NUL'],
    ['%ED%A0%80', 'a lone surrogate'],
    ['%F5%80%80%80', 'a code point past U+10FFFF'],
  ])('does not read %s: %s', (encoded) => {
    expect(readPercentEncoded(encoded)).toBeUndefined()
  })
})

describe('readUtf8', () => {
  it('reads UTF-8 and keeps a byte order mark as the character it is', () => {
    expect(readUtf8(Buffer.from('schlüssel'))).toBe('schlüssel')
    expect(readUtf8(Buffer.from([0xef, 0xbb, 0xbf, 0x61]))).toBe('\uFEFFa')
  })

  it.each([[[0xff]], [[0xc3]], [[0xc0, 0x80]], [[0xed, 0xa0, 0x80]], [[0xe9, 0x61]]])(
    'does not read the bytes %j',
    (bytes) => {
      expect(readUtf8(Uint8Array.from(bytes))).toBeUndefined()
    },
  )
})

describe('readBase64Text', () => {
  it.each([
    ['YWJj', 'abc'],
    ['YQ==', 'a'],
    ['YQ', 'a'],
    ['YWI=', 'ab'],
    ['YWI', 'ab'],
    ['w6k6Kys/', 'é:++?'],
  ])('reads %s as %j, padded or not (RFC 4648 §4)', (encoded, text) => {
    expect(readBase64Text(encoded)).toBe(text)
  })

  it.each([
    ['', 'nothing'],
    ['=', 'padding alone'],
    ['YWJjZ', 'one character too many'],
    ['YR==', 'spare bits that are not zero'],
    ['YWK=', 'spare bits that are not zero, two bytes'],
    ['YQ===', 'three padding characters'],
    ['YQ=', 'one padding character where two belong'],
    ['YWI==', 'two padding characters where one belongs'],
    ['YWJj=', 'padding where none belongs'],
    ['YWJj==', 'padding where none belongs, twice'],
    ['YWJj====', 'a whole group of padding'],
    ['Y=Q=', 'padding inside'],
    ['YW Jj', 'a space inside'],
    ['YWJj\n', 'a line end'],
    ['YWJj!', 'a foreign character'],
    ['w6k6Kys_', 'the URL alphabet'],
    ['/w==', 'bytes that are not UTF-8'],
  ])('does not read %j: %s', (encoded) => {
    expect(readBase64Text(encoded)).toBeUndefined()
  })
})

describe('isBase64Url', () => {
  it.each(['YQ', 'YWI', 'YWJj', '-_-_', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'])('takes %s', (text) => {
    expect(isBase64Url(text)).toBe(true)
  })

  it.each(['', 'YQ==', 'YR', 'YWK', 'YWJjZ', '+/+/', 'YWJj\n', ' YWJj', 'YW.Jj'])('does not take %j', (text) => {
    expect(isBase64Url(text)).toBe(false)
  })
})
