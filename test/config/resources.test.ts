import { readResources, unknownIntrospectors } from '../../src/config/resources.ts'
import { publicClient, scopes } from '../helpers/fixtures.ts'
import { linesOf, load, problemsOf } from './load.ts'

const API = 'https://api.example'
const FILES = 'https://files.example/v1?tenant=1'
const known = { scopes: ['read', 'write'], accessTokenLifetime: 3_600_000, longestTtl: 86_400 }

const read = (entries: unknown, fallbackUri = API) => readResources(JSON.stringify(entries), fallbackUri, known)
const complaints = (entries: unknown) => linesOf(() => read(entries))

it('are settings by URI, all of which may be left out', () => {
  const { byUri } = read({
    [API]: {},
    [FILES]: { scopes: 'write offline_access', access_token_ttl: 60, introspected_by: ['backend', 'worker'] },
    'urn:example:api': { scopes: '' },
  })
  expect([...byUri]).toEqual([
    [API, { uri: API, scopes: undefined, accessTokenLifetime: 3_600_000, introspectedBy: [] }],
    [
      FILES,
      {
        uri: FILES,
        scopes: ['write', 'offline_access'],
        accessTokenLifetime: 60_000,
        introspectedBy: ['backend', 'worker'],
      },
    ],
    ['urn:example:api', { uri: 'urn:example:api', scopes: [], accessTokenLifetime: 3_600_000, introspectedBy: [] }],
  ])
})

describe('the default resource', () => {
  it('is one of them without an entry, where all scopes mean something', () => {
    const { byUri, fallback } = read({ [FILES]: { scopes: 'read' } })
    expect(fallback).toEqual({ uri: API, scopes: undefined, accessTokenLifetime: 3_600_000, introspectedBy: [] })
    expect(byUri.get(API)).toBe(fallback)
    expect([...byUri.keys()]).toEqual([FILES, API])
  })

  it('has the settings of its entry', () => {
    const { byUri, fallback } = read({ [FILES]: {}, [API]: { scopes: 'read', access_token_ttl: 10 } })
    expect(fallback).toEqual({ uri: API, scopes: ['read'], accessTokenLifetime: 10_000, introspectedBy: [] })
    expect(byUri.get(API)).toBe(fallback)
    expect([...byUri.keys()]).toEqual([FILES, API])
  })

  it('is told apart byte by byte', () => {
    const { byUri, fallback } = read({ [`${API}/`]: { scopes: 'read' }, 'https://API.example': { scopes: 'read' } })
    expect(fallback.scopes).toBeUndefined()
    expect(byUri.size).toBe(3)
  })

  it('is the issuer where DEFAULT_RESOURCE does not name another', () => {
    const RESOURCES = JSON.stringify({ 'http://localhost:4000': { access_token_ttl: 10 }, [API]: {} })
    expect(load({ RESOURCES, PORT: '4000' }).resources.fallback).toMatchObject({
      uri: 'http://localhost:4000',
      accessTokenLifetime: 10_000,
    })
    const { byUri, fallback } = load({ RESOURCES, PORT: '4000', DEFAULT_RESOURCE: API }).resources
    expect(fallback.uri).toBe(API)
    expect([...byUri.keys()]).toEqual(['http://localhost:4000', API])
  })
})

describe('a message names the resource, the member and what would be right', () => {
  it.each<[string, unknown, string]>([
    ['scopes', ['read'], 'scopes must be a string of scope names parted by spaces, not ["read"]'],
    ['scopes', null, 'scopes must be a string of scope names parted by spaces, not null'],
    ['scopes', 'read admin', 'scopes has the name "admin", which SCOPES does not describe'],
    ['access_token_ttl', 9, 'access_token_ttl must be a whole number from 10 to 86400, not 9'],
    ['access_token_ttl', 86_401, 'access_token_ttl must be a whole number from 10 to 86400, not 86401'],
    ['access_token_ttl', 60.5, 'access_token_ttl must be a whole number from 10 to 86400, not 60.5'],
    ['access_token_ttl', '60', 'access_token_ttl must be a whole number from 10 to 86400, not "60"'],
    ['access_token_ttl', null, 'access_token_ttl must be a whole number from 10 to 86400, not null'],
    ['introspected_by', 'backend', 'introspected_by must be an array, not "backend"'],
    ['introspected_by', [5], 'introspected_by must be client_ids, not 5'],
    ['introspected_by', [''], 'introspected_by must be client_ids, not ""'],
    ['introspected_by', ['backend', 'backend'], 'introspected_by names something twice'],
    ['scope', 'read', 'has the member "scope"; did you mean scopes?'],
    ['access_token_lifetime', 60, 'has the member "access_token_lifetime"; did you mean access_token_ttl?'],
    ['introspection', ['backend'], 'has the member "introspection"; did you mean introspected_by?'],
    ['toString', 'x', expect.stringMatching(/^has the member "toString"; did you mean /) as unknown as string],
  ])('%s %j', (name, value, line) => {
    const [told, ...more] = complaints({ [API]: { [name]: value } })
    expect(more).toEqual([])
    expect(told?.slice(0, API.length + 3)).toBe(`"${API}" `)
    expect(told?.slice(API.length + 3)).toEqual(line)
  })

  it.each([
    ['api', 'must be an absolute URI without a fragment, not "api"'],
    ['', 'must be an absolute URI without a fragment, not ""'],
    ['/api', 'must be an absolute URI without a fragment, not "/api"'],
    [`${API}#x`, `must be an absolute URI without a fragment, not "${API}#x"`],
    [`${API}/#`, `must be an absolute URI without a fragment, not "${API}/#"`],
    ['__proto__', 'must be an absolute URI without a fragment, not "__proto__"'],
    [`${API}/a b`, 'must not have blanks'],
    [` ${API}`, 'must not have blanks'],
    [`${API} ${FILES}`, 'must'],
  ])('the URI %j (RFC 8707 §2)', (uri, line) => {
    expect(linesOf(() => readResources(`{${JSON.stringify(uri)}:{}}`, API, known))).toEqual([
      expect.stringContaining(`${JSON.stringify(uri)} ${line}`),
    ])
  })

  it.each([null, 'read', 5, [], ['read']])('settings that are %j', (entry) => {
    expect(complaints({ [API]: entry })).toEqual([`"${API}" must be an object such as {"scopes":"read write"}`])
  })

  it('and all resources that have one are told at once', () => {
    expect(complaints({ [API]: { scopes: 5 }, [FILES]: {}, api: {}, 'urn:x:y': null })).toEqual([
      expect.stringMatching(/^"https:\/\/api.example" scopes /),
      expect.stringMatching(/^"api" /),
      expect.stringMatching(/^"urn:x:y" /),
    ])
  })
})

it.each(['[]', 'null', `"${API}"`, '5', `["${API}"]`])('must be an object, and %s is none', (value) => {
  expect(linesOf(() => readResources(value, API, known))).toEqual([
    'must be a JSON object: resource URI to its settings',
  ])
})

it('may name any scope where SCOPES cannot be read, which is told by itself', () => {
  const value = JSON.stringify({ [API]: { scopes: 'read other' } })
  expect(readResources(value, API, { ...known, scopes: undefined }).fallback.scopes).toEqual(['read', 'other'])
})

describe('the lifetime of access tokens', () => {
  const env = (ttl: number, more: object = {}) => ({
    RESOURCES: JSON.stringify({ [API]: { access_token_ttl: ttl } }),
    ACCESS_TOKEN_TTL: '60',
    REFRESH_TOKEN_TTL: '600',
    ...more,
  })

  it('may be longer than that of the others, and not longer than that of what it came from', () => {
    expect(load(env(600)).resources.byUri.get(API)?.accessTokenLifetime).toBe(600_000)
    expect(load(env(600)).resources.fallback.accessTokenLifetime).toBe(60_000)
    expect(problemsOf(env(601))).toEqual([
      `RESOURCES "${API}" access_token_ttl must be a whole number from 10 to 600, not 601`,
    ])
  })

  it('is no problem beside a REFRESH_TOKEN_TTL that cannot be read', () => {
    expect(problemsOf(env(600, { REFRESH_TOKEN_TTL: 'soon' }))).toEqual([
      expect.stringMatching(/^REFRESH_TOKEN_TTL must be /),
    ])
  })
})

describe('the backends of a resource', () => {
  const clients = [publicClient, { ...publicClient, client_id: 'other' }]
  const env = (...introspected_by: string[]) => ({
    RESOURCES: JSON.stringify({ [API]: { introspected_by } }),
    SCOPES: JSON.stringify(scopes),
    CLIENTS: JSON.stringify(clients),
  })

  it('are registered clients', () => {
    expect(load(env('app', 'other')).resources.byUri.get(API)?.introspectedBy).toEqual(['app', 'other'])
  })

  it('are told, each, where nobody is registered under their name', () => {
    expect(problemsOf(env('app', 'backend', 'App'))).toEqual([
      `RESOURCES "${API}" introspected_by names "backend", which CLIENTS does not have`,
      `RESOURCES "${API}" introspected_by names "App", which CLIENTS does not have`,
    ])
  })

  it('are not missed where CLIENTS cannot be read', () => {
    expect(problemsOf({ ...env('backend'), CLIENTS: '{' })).toEqual([expect.stringMatching(/^CLIENTS must be JSON/)])
  })

  it('may be those of the default resource too', () => {
    expect(unknownIntrospectors(read({ [API]: { introspected_by: ['backend'] } }), [])).toHaveLength(1)
    expect(unknownIntrospectors(read({}), [])).toEqual([])
  })
})
