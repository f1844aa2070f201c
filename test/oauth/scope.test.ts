import { isScopeName, splitScope } from '../../src/oauth/scope.ts'

describe('splitScope', () => {
  it.each([
    ['', []],
    ['read', ['read']],
    ['read write', ['read', 'write']],
    ['write read', ['write', 'read']],
    [' read  write ', ['read', 'write']],
    ['read read write read', ['read', 'write']],
    ['Read read', ['Read', 'read']],
    ['read\twrite', ['read\twrite']],
  ])('parts %j at spaces only and keeps each name once, in order (RFC 6749 §3.3)', (scope, names) => {
    expect(splitScope(scope)).toEqual(names)
  })
})

describe('isScopeName', () => {
  it.each(['read', 'https://api.example/files.read', 'a:b', '!', '~', "it's", '[]'])('takes %j', (name) => {
    expect(isScopeName(name)).toBe(true)
  })

  it.each(['', ' ', 'a b', 'a"b', 'a\\b', 'a\tb', 'a\n', 'é', '\x7f'])('does not take %j (RFC 6749 §3.3)', (name) => {
    expect(isScopeName(name)).toBe(false)
  })
})
