import { readClients } from '../../src/config/clients.ts'
import { publicClient } from '../helpers/fixtures.ts'
import { linesOf, load, problemsOf, signingJwk, supported } from './load.ts'

// What a client's metadata say of OpenID Connect (Dynamic Client Registration §2, RP-Initiated Logout §3.1).

const known = { ...supported, scopes: ['read', 'write'], resources: [], allowLoopback: false }

function read(metadata: object) {
  const [client] = readClients(JSON.stringify([{ ...publicClient, ...metadata }]), known)
  if (client === undefined) throw new Error('the client was not read')
  return client
}

const complaints = (metadata: object) => linesOf(() => read(metadata))

it('keeps what is given', () => {
  const metadata = {
    id_token_signed_response_alg: 'RS256',
    userinfo_signed_response_alg: 'EdDSA',
    subject_type: 'pairwise',
    sector_identifier_uri: 'https://partner.example/redirects.json',
    default_max_age: 3600,
    require_auth_time: true,
    post_logout_redirect_uris: ['https://app.example/bye', 'com.example.app:/bye'],
  }
  expect(read(metadata)).toMatchObject(metadata)
})

it('leaves out what has no default', () => {
  const client = read({ default_max_age: null, userinfo_signed_response_alg: null })
  for (const name of [
    'id_token_signed_response_alg',
    'userinfo_signed_response_alg',
    'sector_identifier_uri',
    'default_max_age',
  ]) {
    expect(client).not.toHaveProperty(name)
  }
})

it('takes 0 for a default_max_age: the user signs in for every request', () => {
  expect(read({ default_max_age: 0 }).default_max_age).toBe(0)
})

it('passes over what it does not do, such as telling clients of a logout', () => {
  const client = read({
    backchannel_logout_uri: 'https://app.example/logout',
    backchannel_logout_session_required: true,
    frontchannel_logout_uri: 'https://app.example/logout',
  })
  expect(client).toEqual(read({}))
})

it.each<[string, unknown, string]>([
  ['id_token_signed_response_alg', 'none', 'must be one of ES256, EdDSA, RS256, PS256, not "none"'],
  ['id_token_signed_response_alg', 'HS256', 'must be one of ES256, EdDSA, RS256, PS256, not "HS256"'],
  ['userinfo_signed_response_alg', 'rs256', 'must be one of ES256, EdDSA, RS256, PS256, not "rs256"'],
  ['userinfo_signed_response_alg', ['RS256'], 'must be one of ES256, EdDSA, RS256, PS256, not ["RS256"]'],
  ['subject_type', 'Pairwise', 'must be one of public, pairwise, not "Pairwise"'],
  ['sector_identifier_uri', 'http://app.example/x', 'must begin with https://, not "http://app.example/x"'],
  [
    'sector_identifier_uri',
    'https://user@app.example',
    'must be an address that begins with https:// or http://, without a user name, not "https://user@app.example"',
  ],
  ['default_max_age', -1, 'must be a whole number from 0 to 31536000, not -1'],
  ['default_max_age', 1.5, 'must be a whole number from 0 to 31536000, not 1.5'],
  ['default_max_age', '60', 'must be a whole number from 0 to 31536000, not "60"'],
  ['require_auth_time', 'true', 'must be true or false, not "true"'],
  ['require_auth_time', 1, 'must be true or false, not 1'],
  ['post_logout_redirect_uris', 'https://app.example', 'must be an array, not "https://app.example"'],
  [
    'post_logout_redirect_uris',
    ['javascript:alert(1)'],
    '"javascript:alert(1)" uses the scheme javascript:, which is never allowed',
  ],
  [
    'post_logout_redirect_uris',
    ['https://*.app.example'],
    '"https://*.app.example" must not have a wildcard; register each URI',
  ],
])('refuses %s %j', (name, value, line) => {
  expect(complaints({ [name]: value })).toEqual([`[0] (client "app"): ${name} ${line}`])
})

describe('a pairwise client', () => {
  const pairwise = (...redirect_uris: string[]) => complaints({ subject_type: 'pairwise', redirect_uris })
  const needs = '[0] (client "app"): subject_type pairwise needs a sector_identifier_uri'

  it('has the one host of its redirect URIs for a sector (Core §8.1)', () => {
    expect(pairwise('https://app.example/a', 'https://app.example/b')).toEqual([])
  })

  it('must say which its sector is where there are several hosts', () => {
    expect(pairwise('https://app.example/a', 'https://other.example/a')).toEqual([
      `${needs}: redirect_uris have several hosts, app.example and other.example`,
    ])
  })

  it.each(['http://127.0.0.1/callback', 'http://localhost/callback', 'com.example.app:/callback'])(
    'must say so at %s too: strangers are at that host, and would share its subjects',
    (uri) => {
      expect(pairwise(uri)).toEqual([`${needs}: the redirect URI "${uri}" is at no host of the client's own`])
    },
  )

  it('may have any redirect URIs where it says so', () => {
    const redirect_uris = ['https://app.example/a', 'https://other.example/a', 'com.example.app:/callback']
    const sector_identifier_uri = 'https://app.example/redirects.json'
    expect(complaints({ subject_type: 'pairwise', redirect_uris, sector_identifier_uri })).toEqual([])
  })

  it('is not told to name a sector where what is wrong is the one it names', () => {
    const lines = complaints({
      subject_type: 'pairwise',
      redirect_uris: ['https://app.example/a', 'https://other.example/a'],
      sector_identifier_uri: 'urn:sector',
    })
    expect(lines).toEqual([expect.stringContaining('sector_identifier_uri must be an address')])
  })

  it('needs none where it only says that its subjects are public', () => {
    expect(complaints({ redirect_uris: ['https://app.example/a', 'https://other.example/a'] })).toEqual([])
  })
})

describe('an algorithm for the answers to a client', () => {
  const env = (metadata: object, more: object = {}) => ({
    SCOPES: '{"read":"x","write":"x"}',
    CLIENTS: JSON.stringify([{ ...publicClient, ...metadata }]),
    ...more,
  })
  const SIGNING_KEYS = JSON.stringify({ keys: [signingJwk()] })

  it.each(['id_token_signed_response_alg', 'userinfo_signed_response_alg'])('in %s needs an active key', (name) => {
    expect(problemsOf(env({ [name]: 'RS256' }, { SIGNING_KEYS }))).toEqual([
      `CLIENTS[0] (client "app"): ${name} RS256 has no active key in SIGNING_KEYS`,
    ])
    expect(problemsOf(env({ [name]: 'ES256' }, { SIGNING_KEYS }))).toEqual([])
  })

  it('may be one of those that keys are made up for', () => {
    expect(problemsOf(env({ id_token_signed_response_alg: 'RS256' }))).toEqual([])
    expect(problemsOf(env({ id_token_signed_response_alg: 'EdDSA' }))).toEqual([
      'CLIENTS[0] (client "app"): id_token_signed_response_alg EdDSA needs a key in SIGNING_KEYS; those made up are for ES256 and RS256',
    ])
  })

  it('is not judged by keys that could not be read: those are told by themselves', () => {
    expect(problemsOf(env({ id_token_signed_response_alg: 'RS256' }, { SIGNING_KEYS: '{"keys":[]}' }))).toEqual([
      'SIGNING_KEYS must have at least one key',
    ])
  })
})

describe('the scopes of OpenID Connect', () => {
  const scopeOf = (client: object) =>
    load({ SCOPES: '{"read":"x"}', CLIENTS: JSON.stringify([{ ...publicClient, ...client }]) }).clients[0]?.scope

  it('may be named by a client without a sentence in SCOPES', () => {
    expect(scopeOf({ scope: 'openid profile email address phone read' })).toEqual([
      'openid',
      'profile',
      'email',
      'address',
      'phone',
      'read',
    ])
  })

  it('are not for a client that names none: it has what SCOPES describes', () => {
    expect(scopeOf({ scope: undefined })).toEqual(['read'])
  })

  it('are no others than these', () => {
    expect(complaints({ scope: 'openid constructor' })).toEqual([
      '[0] (client "app"): scope has the name "constructor", which SCOPES does not describe',
    ])
  })
})
