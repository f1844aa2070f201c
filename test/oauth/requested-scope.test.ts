import { readClients } from '../../src/config/clients.ts'
import { requireScope as requireScopeOf } from '../../src/oauth/requested-scope.ts'
import { publicClient } from '../helpers/fixtures.ts'
import { refusal } from './refusal.ts'

const allowed = ['read', 'write', 'offline_access']

/** The scopes for a client that may ask for these. */
function requireScope(
  requested: string | undefined,
  scope: readonly string[],
  grant_types = ['authorization_code'],
): string[] {
  const metadata = [{ ...publicClient, grant_types, scope: scope.join(' ') }]
  const grantTypes = ['authorization_code', 'refresh_token']
  const supported = { grantTypes, clientAuthMethods: ['none'], signingAlgorithms: {} }
  const known = { ...supported, scopes: ['read', 'write'], resources: [], allowLoopback: false }
  const [client] = readClients(JSON.stringify(metadata), known)
  if (client === undefined) throw new Error('the client was not read')
  return requireScopeOf(requested, client)
}

describe('requireScope', () => {
  it('gives the scopes asked for, in their order', () => {
    expect(requireScope('write read', allowed)).toEqual(['write', 'read'])
    expect(requireScope('offline_access', allowed)).toEqual(['offline_access'])
  })

  it('lets a client that may refresh ask for offline_access though its scope has none, and no other', () => {
    const refreshing = ['authorization_code', 'refresh_token']
    expect(requireScope('read offline_access', ['read'], refreshing)).toEqual(['read', 'offline_access'])
    expect(refusal(() => requireScope('read offline_access', ['read'])).code).toBe('invalid_scope')
  })

  it.each(['', ' ', '  '])('takes %j, which names none, for an absent scope', (blank) => {
    expect(requireScope(blank, allowed)).toEqual(['read', 'write'])
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
    expect(detail).toEqual({ client_id: 'app', requested: requested.slice(0, 32), allowed })
  })
})
