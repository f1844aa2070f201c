import { isScopeName, requireScope, splitScope } from '../../src/oauth/scope.ts'
import { refusal } from './refusal.ts'

const allowed = ['read', 'write', 'offline_access']

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

describe('requireScope', () => {
  it('gives the scopes asked for, in their order', () => {
    expect(requireScope('write read', allowed)).toEqual(['write', 'read'])
    expect(requireScope('offline_access', allowed)).toEqual(['offline_access'])
  })

  it('gives all that are allowed where none is asked for, but not offline_access', () => {
    expect(requireScope(undefined, allowed)).toEqual(['read', 'write'])
  })

  it.each(['admin', 'read admin', 'READ', 'reads', 'rea', 'toString', '__proto__', 'read\twrite'])(
    'refuses %j: names are compared whole, and every one must be allowed',
    (requested) => {
      expect(refusal(() => requireScope(requested, allowed))).toMatchObject({
        code: 'invalid_scope',
        status: 400,
        cause: 'scope-not-allowed',
      })
    },
  )

  it('refuses everything where nothing is allowed', () => {
    expect(refusal(() => requireScope('read', [])).code).toBe('invalid_scope')
  })

  it('names the first scope that is not allowed', () => {
    expect(refusal(() => requireScope('read admin root', allowed)).description).toBe(
      'scope admin is not among those this client may ask for',
    )
  })

  it.each([
    ['a"b', 'a scope'],
    ['é', 'a scope'],
    ['line\nend', 'a scope'],
    ['x'.repeat(200), `scope ${'x'.repeat(64)}`],
  ])('keeps the description within the allowed characters and short for %j (RFC 6749 §4.1.2.1)', (name, shown) => {
    expect(refusal(() => requireScope(name, allowed)).description).toBe(
      `${shown} is not among those this client may ask for`,
    )
  })

  it('tells the log what was asked for, cut to a sensible number', () => {
    const requested = Array.from({ length: 100 }, (_, index) => `s${index}`)
    const { detail } = refusal(() => requireScope(requested.join(' '), allowed))
    expect(detail).toEqual({ requested: requested.slice(0, 32), allowed })
  })
})
