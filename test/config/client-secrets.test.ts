import { readClients } from '../../src/config/clients.ts'
import { sha256 } from '../../src/lib/digest.ts'
import { CLIENT_SECRET, confidentialClient, publicClient } from '../helpers/fixtures.ts'
import { linesOf, supported } from './load.ts'

const known = { ...supported, scopes: ['read', 'write'], resources: [], allowLoopback: false }
const read = (...clients: unknown[]) => readClients(JSON.stringify(clients), known)
const complaints = (...clients: unknown[]) => linesOf(() => read(...clients))

const OTHER_SECRET = 'another-client-secret-of-more-than-32-characters'

describe('secrets', () => {
  it('are kept as hashes only', () => {
    const [client] = read(confidentialClient)
    expect(client?.secretHashes).toEqual([sha256(CLIENT_SECRET)])
    expect(JSON.stringify(client)).not.toContain(CLIENT_SECRET)
  })

  it('make a client confidential that does not say so', () => {
    const [client] = read({ ...publicClient, token_endpoint_auth_method: undefined, client_secret: CLIENT_SECRET })
    expect(client?.token_endpoint_auth_method).toBe('client_secret_basic')
  })

  it.each([
    ['two plain ones', { client_secret: [CLIENT_SECRET, OTHER_SECRET] }],
    ['two hashes', { client_secret_hash: [`sha256:${sha256(CLIENT_SECRET)}`, `sha256:${sha256(OTHER_SECRET)}`] }],
    ['one of each', { client_secret: CLIENT_SECRET, client_secret_hash: `sha256:${sha256(OTHER_SECRET)}` }],
  ])('may be two at a time, so that they can be changed without a pause: %s', (_, secrets) => {
    const [client] = read({ ...confidentialClient, client_secret: undefined, ...secrets })
    expect(client?.secretHashes).toEqual([sha256(CLIENT_SECRET), sha256(OTHER_SECRET)])
  })

  it.each([
    { client_secret: [CLIENT_SECRET, OTHER_SECRET], client_secret_hash: `sha256:${sha256('x')}` },
    { client_secret_hash: [`sha256:${sha256('x')}`, `sha256:${sha256('y')}`] },
  ])('may not be three in two members', (secrets) => {
    expect(complaints({ ...confidentialClient, ...secrets })).toEqual([
      '[0] (client "backend"): has more than two live secrets in client_secret and client_secret_hash',
    ])
  })

  it.each([
    ['client_secret', [CLIENT_SECRET, OTHER_SECRET, `${OTHER_SECRET}2`]],
    ['client_secret', []],
    ['client_secret_hash', ['x', 'y', 'z'].map((text) => `sha256:${sha256(text)}`)],
    ['client_secret_hash', []],
  ])('%s may not be a list of none or of three', (name, secrets) => {
    expect(complaints({ ...confidentialClient, client_secret: undefined, [name]: secrets })).toEqual([
      `[0] (client "backend"): ${name} must be one or two secrets`,
    ])
  })

  it.each(['client_secret', 'client_secret_hash'])('make no public client of one whose %s is null', (name) => {
    const unsaid = { ...publicClient, token_endpoint_auth_method: undefined }
    expect(complaints({ ...unsaid, [name]: null })).toEqual([`[0] (client "app"): ${name} is null`])
    expect(complaints({ ...publicClient, [name]: null })).toEqual([`[0] (client "app"): ${name} is null`])
    expect(complaints({ ...publicClient, [name]: [null] })).toHaveLength(1)
  })

  it.each([
    ['client_secret', 'a'.repeat(31), 'must have at least 32 characters'],
    ['client_secret', '', 'must have at least 32 characters'],
    ['client_secret', 12345, 'must have at least 32 characters'],
    ['client_secret', [CLIENT_SECRET, 'short'], 'must have at least 32 characters'],
    ['client_secret_hash', sha256('x'), 'must be sha256: and the 43 characters'],
    ['client_secret_hash', `SHA256:${sha256('x')}`, 'must be sha256: and the 43 characters'],
    ['client_secret_hash', `sha256:${sha256('x')}=`, 'must be sha256: and the 43 characters'],
    ['client_secret_hash', `sha256:${'0'.repeat(64)}`, 'must be sha256: and the 43 characters'],
    ['client_secret_hash', '', 'must be sha256: and the 43 characters'],
    // The same bytes as another spelling, whose last character has bits that no digest has.
    ['client_secret_hash', `sha256:${'A'.repeat(42)}B`, 'must be sha256: and the 43 characters'],
    ['client_secret_hash', `sha256:${'_'.repeat(43)}`, 'must be sha256: and the 43 characters'],
    ['client_secret_hash', {}, 'must be sha256: and the 43 characters'],
  ])('%s %j is refused', (name, value, line) => {
    expect(complaints({ ...confidentialClient, client_secret: undefined, [name]: value })).toEqual([
      expect.stringMatching(new RegExp(`^\\[0\\] \\(client "backend"\\): ${name} ${line}`)),
    ])
  })
})
