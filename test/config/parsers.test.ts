import * as parsers from '../../src/config/parsers.ts'
import { quoted } from '../../src/config/problem.ts'
import { linesOf } from './load.ts'

describe('issuer', () => {
  it.each([
    'https://auth.example.com',
    'https://auth.example.com:8443',
    'https://auth.example.com/tenant/A-1._~',
    'http://localhost:3000',
    'http://[::1]:3000',
    'https://192.0.2.1',
    'https://xn--mnchen-3ya.example',
  ])('takes %s as it is written', (value) => {
    expect(parsers.issuer(value)).toBe(value)
  })

  it.each([
    ['https://auth.example.com/', 'https://auth.example.com'],
    ['https://auth.example.com/tenant/', 'https://auth.example.com/tenant'],
    ['https://auth.example.com//', 'https://auth.example.com'],
    ['https://Auth.Example.com', 'https://auth.example.com'],
    ['HTTPS://auth.example.com', 'https://auth.example.com'],
    ['https://auth.example.com:443', 'https://auth.example.com'],
    ['http://localhost:80', 'http://localhost'],
    ['https://auth.example.com/a/../b', 'https://auth.example.com/b'],
    ['https://auth.example.com/./a', 'https://auth.example.com/a'],
    ['https:auth.example.com', 'https://auth.example.com'],
    ['https:///auth.example.com', 'https://auth.example.com'],
    ['https:\\\\auth.example.com', 'https://auth.example.com'],
    [' https://auth.example.com', 'https://auth.example.com'],
    ['https://auth.example.com\n', 'https://auth.example.com'],
    ['https://münchen.example', 'https://xn--mnchen-3ya.example'],
    ['https://127.1', 'https://127.0.0.1'],
  ])('wants %j written %s, since clients compare it byte by byte (RFC 8414 §3.3)', (value, canonical) => {
    expect(linesOf(() => parsers.issuer(value))).toEqual([`must be written ${canonical}, not ${JSON.stringify(value)}`])
  })

  it.each([
    ['auth.example.com', 'must be a URL such as'],
    ['/auth', 'must be a URL such as'],
    ['https://', 'must be a URL such as'],
    ['https://auth.example.com:99999', 'must be a URL such as'],
    ['localhost:3000', 'must begin with https://'],
    ['ftp://auth.example.com', 'must begin with https://'],
    ['javascript:alert(1)', 'must begin with https://'],
    ['https://user@auth.example.com', 'must not have a user name or password'],
    ['https://:password@auth.example.com', 'must not have a user name or password'],
    ['https://auth.example.com?x=1', 'must not have a query or a fragment'],
    ['https://auth.example.com?', 'must not have a query or a fragment'],
    ['https://auth.example.com/#x', 'must not have a query or a fragment'],
    ['https://auth.example.com#', 'must not have a query or a fragment'],
    ['https://auth.example.com/a%20b', 'may have only letters'],
    ['https://auth.example.com/a;b', 'may have only letters'],
    ['https://auth.example.com//a', 'may have only letters'],
  ])('refuses %s: %s (RFC 8414 §2)', (value, line) => {
    expect(linesOf(() => parsers.issuer(value))).toEqual([expect.stringContaining(line)])
  })
})

describe('integer', () => {
  const parse = parsers.integer({ min: 10, max: 100 })

  it.each([
    ['10', 10],
    ['100', 100],
    ['042', 42],
  ])('reads %s', (value, number) => {
    expect(parse(value)).toBe(number)
  })

  it.each([
    '9',
    '101',
    '-10',
    '+10',
    '10.0',
    '1e1',
    '0x10',
    '10s',
    ' 10',
    '10\n',
    '1_0',
    '１０',
    'NaN',
    '9'.repeat(400),
  ])('refuses %j and says what would be right', (value) => {
    expect(linesOf(() => parse(value))).toEqual([`must be a whole number from 10 to 100, not ${quoted(value)}`])
  })
})

describe('seconds', () => {
  const parse = parsers.seconds({ min: 0, max: 5 })

  it.each([
    ['0', 0],
    ['0.5', 0.5],
    ['5.000', 5],
    ['1.234', 1.234],
  ])('reads %s', (value, number) => {
    expect(parse(value)).toBe(number)
  })

  it.each(['5.001', '-1', '.5', '1.', '1.2345', '1,5', '1s', 'Infinity'])('refuses %j', (value) => {
    expect(linesOf(() => parse(value))).toEqual([`must be seconds from 0 to 5, not ${quoted(value)}`])
  })
})

describe('boolean', () => {
  it('reads true and false', () => {
    expect([parsers.boolean('true'), parsers.boolean('false')]).toEqual([true, false])
  })

  it.each(['1', '0', 'yes', 'on', 'True', 'TRUE', ' true'])('refuses %j instead of guessing', (value) => {
    expect(linesOf(() => parsers.boolean(value))).toEqual([`must be true or false, not ${quoted(value)}`])
  })
})

describe('secrets', () => {
  const [one, two] = ['a'.repeat(32), 'b'.repeat(32)]

  it('reads one or several, blanks around the commas left out', () => {
    expect(parsers.secrets(one)).toEqual([one])
    expect(parsers.secrets(`${one}, ${two}\n`)).toEqual([one, two])
  })

  it.each([
    ['a'.repeat(31), 1],
    [`${one},short`, 2],
    [`${one},`, 2],
    [`,${one}`, 1],
    [`${one},,${two}`, 2],
    [`${'a'.repeat(30)}  `, 1],
  ])('refuses %j and names the place of the short one', (value, place) => {
    expect(linesOf(() => parsers.secrets(value))).toEqual([
      `must be secrets of at least 32 characters each, parted by commas; number ${place} is shorter`,
    ])
  })
})

describe('trustProxy', () => {
  it.each<[string, boolean | number | string[]]>([
    ['true', true],
    ['false', false],
    ['0', 0],
    ['2', 2],
    ['loopback', ['loopback']],
    ['loopback, linklocal,uniquelocal', ['loopback', 'linklocal', 'uniquelocal']],
    ['10.0.0.0/8', ['10.0.0.0/8']],
    ['10.0.0.1,fd00::/8,::1', ['10.0.0.1', 'fd00::/8', '::1']],
    ['10.0.0.1/32', ['10.0.0.1/32']],
    ['128.0.0.0/1', ['128.0.0.0/1']],
    ['fd00::1/128', ['fd00::1/128']],
  ])('reads %s', (value, expected) => {
    expect(parsers.trustProxy(value)).toEqual(expected)
  })

  it.each([
    ['yes', 'yes'],
    ['-1', '-1'],
    ['1.5', '1.5'],
    ['localhost', 'localhost'],
    ['10.0.0.256', '10.0.0.256'],
    ['10.0.0.0/33', '10.0.0.0/33'],
    ['fd00::/129', 'fd00::/129'],
    ['10.0.0.0/', '10.0.0.0/'],
    ['10.0.0.0/-1', '10.0.0.0/-1'],
    ['10.0.0.0/8/9', '10.0.0.0/8/9'],
    ['10.0.0.0/8/', '10.0.0.0/8/'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['::/0', '::/0'],
    ['10.0.0.0/00', '10.0.0.0/00'],
    ['10.0.0.0/08', '10.0.0.0/08'],
    ['10.0.0.1,0.0.0.0/0', '0.0.0.0/0'],
    ['/8', '/8'],
    ['10.0.0.1,,10.0.0.2', ''],
    ['loopback,nonsense', 'nonsense'],
  ])('refuses %j and names the part that is none', (value, part) => {
    expect(linesOf(() => parsers.trustProxy(value))).toEqual([
      expect.stringContaining(`${quoted(part)} is none of them`),
    ])
  })
})

it.each(['redis://localhost', 'redis://user:password@host:6379/1', 'rediss://[::1]:6380', 'redis://:password@host'])(
  'takes the Redis address %s',
  (value) => {
    expect(parsers.redisUrl(value)).toBe(value)
  },
)

it.each([
  'localhost:6379',
  'http://localhost',
  'redis:/localhost',
  'redis://host:port',
  ' redis://localhost',
  'REDIS://x',
  'redis://',
  'redis:///0',
  'redis:////host',
  'redis://?db=1',
  'redis://#x',
  'redis://:6379',
  'redis://user:password@',
  'rediss://:password@:6379/0',
])('refuses the Redis address %j', (value) => {
  expect(linesOf(() => parsers.redisUrl(value))).toEqual(['must be redis://host:port or rediss://host:port'])
})

it.each([
  'https://user:Zq8wKx3v@auth.example.com',
  'https://user:Zq8wKx3v@auth.example.com:99999',
  'https:user:Zq8wKx3v@auth.example.com',
  'https://user:Zq8wKx3v@',
  'ftp://user:Zq8wKx3v@auth.example.com',
  'redis://user:Zq8wKx3v@redis:6379',
  'user:Zq8wKx3v@auth.example.com',
  '//user:Zq8wKx3v@auth.example.com',
])('never repeats the password of the issuer %s', (value) => {
  expect(linesOf(() => parsers.issuer(value))).toEqual([expect.stringMatching(/^must (be|begin|not) (?!.*Zq8)/)])
})

it.each(['https://api.example.com', 'https://api.example.com/v1?x=1', 'urn:example:api'])(
  'takes the resource %s',
  (value) => {
    expect(parsers.resource(value)).toBe(value)
  },
)

it.each(['api', '/api', 'https://api.example.com#x', 'https://api.example.com/#'])(
  'refuses the resource %s (RFC 8707 §2)',
  (value) => {
    expect(linesOf(() => parsers.resource(value))).toEqual([
      `must be an absolute URI without a fragment, not ${quoted(value)}`,
    ])
  },
)

it('takes one of several words and lists them otherwise', () => {
  const parse = parsers.oneOf('one', 'two')
  expect(parse('two')).toBe('two')
  expect(linesOf(() => parse('One'))).toEqual(['must be one of one, two, not "One"'])
})

it('cuts what it quotes to 120 characters and escapes line ends', () => {
  expect(quoted('x'.repeat(118))).toBe(`"${'x'.repeat(118)}"`)
  expect(quoted('x'.repeat(119))).toBe(`"${'x'.repeat(116)}...`)
  expect(quoted('a\nb"c')).toBe('"a\\nb\\"c"')
  expect(quoted(undefined)).toBe('undefined')
})
