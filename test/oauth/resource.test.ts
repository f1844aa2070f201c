import type { Client } from '../../src/oauth/client.ts'
import {
  longestAccessToken,
  mayReach,
  type Resource,
  readResource,
  requireResources,
  scopeAt,
} from '../../src/oauth/resource.ts'
import { refusal } from './refusal.ts'

const API = 'https://api.example'
const FILES = 'https://files.example/v1'

function resource(uri: string, more: Partial<Resource> = {}): Resource {
  return { uri, scopes: undefined, accessTokenLifetime: 60_000, introspectedBy: [], ...more }
}

const fallback = resource(API)
const known = {
  byUri: new Map([
    [API, fallback],
    [FILES, resource(FILES, { accessTokenLifetime: 120_000 })],
  ]),
  fallback,
}
const everywhere = { resources: undefined } as Client
const filesOnly = { resources: [FILES] } as unknown as Client

describe('the resources of an authorization request', () => {
  it.each<[string | undefined, string[]]>([
    [undefined, [API]],
    [' ', [API]],
    [FILES, [FILES]],
    [`${FILES} ${API}`, [FILES, API]],
    [`${API} ${API}`, [API]],
  ])('named as %j are %j (RFC 8707 §2.1)', (named, uris) => {
    expect(requireResources(named, everywhere, known)).toEqual(uris)
  })

  it.each(['https://evil.example', `${API}/`, 'https://API.example', `${API} https://evil.example`, 'toString'])(
    'may not be %s: they are compared whole, and every one must be known',
    (named) => {
      expect(refusal(() => requireResources(named, everywhere, known))).toMatchObject({
        code: 'invalid_target',
        status: 400,
        cause: 'resource-not-allowed',
      })
    },
  )

  it('must all be those of the client, the default one included', () => {
    expect(requireResources(FILES, filesOnly, known)).toEqual([FILES])
    for (const named of [undefined, API, `${FILES} ${API}`]) {
      expect(refusal(() => requireResources(named, filesOnly, known)).detail).toEqual({ resource: API })
    }
    expect(refusal(() => requireResources(FILES, { resources: [] } as unknown as Client, known)).code).toBe(
      'invalid_target',
    )
  })

  it('are in the log cut to a sensible length, and not in the answer', () => {
    const { detail, description } = refusal(() => requireResources('x'.repeat(600), everywhere, known))
    expect(detail).toEqual({ resource: 'x'.repeat(500) })
    expect(description).not.toContain('xx')
  })
})

describe('the resource of a token request', () => {
  it('is one or none (RFC 8707 §2.2)', () => {
    expect(readResource(undefined, everywhere, known)).toBeUndefined()
    expect(readResource(' ', everywhere, known)).toBeUndefined()
    expect(readResource(FILES, everywhere, known)).toBe(FILES)
    expect(refusal(() => readResource(API, filesOnly, known)).code).toBe('invalid_target')
    expect(readResource(`${FILES} ${FILES}`, everywhere, known)).toBe(FILES)
  })

  it('may not be two: a token good at two APIs lets one of them act at the other', () => {
    expect(refusal(() => readResource(`${API} ${FILES}`, everywhere, known))).toMatchObject({
      code: 'invalid_target',
      cause: 'several-resources',
    })
  })
})

it('a client reaches what is known and its own', () => {
  expect([API, FILES, 'https://x.example'].map((uri) => mayReach(everywhere, uri, known))).toEqual([true, true, false])
  expect([API, FILES].map((uri) => mayReach(filesOnly, uri, known))).toEqual([false, true])
  expect(mayReach({ resources: ['https://x.example'] } as unknown as Client, 'https://x.example', known)).toBe(false)
})

it('an access token has those of the granted scopes that mean something at its resource', () => {
  expect(scopeAt(resource(API), ['write', 'read'])).toEqual(['write', 'read'])
  expect(scopeAt(resource(API, { scopes: ['read', 'other'] }), ['write', 'read'])).toEqual(['read'])
  expect(scopeAt(resource(API, { scopes: [] }), ['write', 'read'])).toEqual([])
})

it('the longest-lived access token of any resource is known', () => {
  expect(longestAccessToken(known)).toBe(120_000)
})
