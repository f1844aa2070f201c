import { readClients } from '../../src/config/clients.ts'
import { accessTokenFormat } from '../../src/oauth/client.ts'
import { publicClient } from '../helpers/fixtures.ts'
import { linesOf, load, problemsOf, supported } from './load.ts'

// What the metadata say of a client's access tokens: where they are good, in which form, and which it may ask about.

const API = 'https://api.example'
const FILES = 'https://files.example'
const known = { ...supported, scopes: ['read', 'write'], resources: [API, FILES], allowLoopback: false }

function read(metadata: object) {
  const [client] = readClients(JSON.stringify([{ ...publicClient, ...metadata }]), known)
  if (client === undefined) throw new Error('the client was not read')
  return client
}

const complaints = (metadata: object) => linesOf(() => read(metadata))

describe('resources', () => {
  it('are those the client may ask for; all where they are left out, none where none is named', () => {
    expect(read({}).resources).toBeUndefined()
    expect(read({ resources: null }).resources).toBeUndefined()
    expect(read({ resources: [] }).resources).toEqual([])
    expect(read({ resources: [FILES, API] }).resources).toEqual([FILES, API])
  })

  it.each<[unknown, string]>([
    [API, `resources must be an array, not "${API}"`],
    [[`${API}/`], `resources must be one of ${API}, ${FILES}, not "${API}/"`],
    [['https://API.example'], `resources must be one of ${API}, ${FILES}, not "https://API.example"`],
    [[5], `resources must be one of ${API}, ${FILES}, not 5`],
    [[API, API], 'resources names something twice'],
    [{ [API]: {} }, `resources must be an array, not {"${API}":{}}`],
  ])('may not be %j', (resources, line) => {
    expect(complaints({ resources })).toEqual([`[0] (client "app"): ${line}`])
  })

  it('are checked against RESOURCES and the default one', () => {
    const env = {
      RESOURCES: JSON.stringify({ [API]: {} }),
      DEFAULT_RESOURCE: FILES,
      SCOPES: '{"read":"x","write":"x"}',
    }
    const naming = (...resources: string[]) => JSON.stringify([{ ...publicClient, resources }])
    expect(load({ ...env, CLIENTS: naming(API, FILES) }).clients[0]?.resources).toEqual([API, FILES])
    expect(problemsOf({ ...env, CLIENTS: naming('http://localhost:3000') })).toEqual([
      `CLIENTS[0] (client "app"): resources must be one of ${API}, ${FILES}, not "http://localhost:3000"`,
    ])
  })
})

describe('access_token_format', () => {
  it.each(['jwt', 'opaque'] as const)('may be %s everywhere', (access_token_format) => {
    const client = read({ access_token_format })
    expect([API, FILES].map((uri) => accessTokenFormat(client, uri))).toEqual([
      access_token_format,
      access_token_format,
    ])
  })

  it('may be named by resource and is a JWT at the others', () => {
    const client = read({ access_token_format: { [FILES]: 'opaque' } })
    expect([API, FILES].map((uri) => accessTokenFormat(client, uri))).toEqual(['jwt', 'opaque'])
    expect(accessTokenFormat(read({ access_token_format: {} }), API)).toBe('jwt')
    expect(accessTokenFormat(client, 'toString')).toBe('jwt')
  })

  it.each<[unknown, string]>([
    ['JWT', 'access_token_format must be one of jwt, opaque, not "JWT"'],
    ['', 'access_token_format must be one of jwt, opaque, not ""'],
    [['jwt'], 'access_token_format must be one of jwt, opaque, not ["jwt"]'],
    [{ [API]: 'reference' }, 'access_token_format must be one of jwt, opaque, not "reference"'],
    [{ [API]: null }, 'access_token_format must be one of jwt, opaque, not null'],
    [{ [`${API}/`]: 'opaque' }, `access_token_format names the resource "${API}/", which RESOURCES does not describe`],
    [{ toString: 'jwt' }, 'access_token_format names the resource "toString", which RESOURCES does not describe'],
  ])('may not be %j', (access_token_format, line) => {
    expect(complaints({ access_token_format })).toEqual([`[0] (client "app"): ${line}`])
  })
})

describe('introspection', () => {
  it('is of the own tokens only, unless metadata say any', () => {
    expect(read({}).introspection).toBe('own')
    expect(read({ introspection: null }).introspection).toBe('own')
    expect(read({ introspection: 'own' }).introspection).toBe('own')
    expect(read({ introspection: 'any' }).introspection).toBe('any')
  })

  it.each(['all', 'Any', '', true, ['any']])('may not be %j', (introspection) => {
    expect(complaints({ introspection })).toEqual([
      `[0] (client "app"): introspection must be one of any, own, not ${JSON.stringify(introspection)}`,
    ])
  })
})

it.each([
  ['resource', 'resources'],
  ['access_token_formats', 'access_token_format'],
  ['introspect', undefined],
  ['introspections', 'introspection'],
])('asks whether the member %s was meant to be %s', (name, meant) => {
  const lines = meant === undefined ? [] : [`[0] (client "app"): "${name}" is unknown; did you mean ${meant}?`]
  expect(complaints({ [name]: 'x' })).toEqual(lines)
})
