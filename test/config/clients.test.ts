import { readClients } from '../../src/config/clients.ts'
import { CLIENT_SECRET, confidentialClient, nativeClient, publicClient } from '../helpers/fixtures.ts'
import { linesOf, supported } from './load.ts'

const known = { ...supported, scopes: ['read', 'write'], resources: [], allowLoopback: false }
const read = (...clients: unknown[]) => readClients(JSON.stringify(clients), known)
const complaints = (...clients: unknown[]) => linesOf(() => read(...clients))

it('fills in what is left out (RFC 7591 §2)', () => {
  expect(read({ client_id: 'app', redirect_uris: ['https://app.example/callback'] })).toEqual([
    {
      client_id: 'app',
      client_name: 'app',
      client_names: {},
      application_type: 'web',
      consent: 'explicit',
      contacts: [],
      redirect_uris: ['https://app.example/callback'],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      scope: ['read', 'write'],
      token_endpoint_auth_method: 'none',
      secretHashes: [],
      resources: undefined,
      access_token_format: 'jwt',
      introspection: 'own',
      allowed_origins: [],
      subject_type: 'public',
      require_auth_time: false,
      dpop_bound_access_tokens: false,
      require_pushed_authorization_requests: false,
      post_logout_redirect_uris: [],
    },
  ])
})

it('keeps what is given', () => {
  const metadata = {
    client_id: 'app',
    client_name: 'Example App',
    client_uri: 'https://app.example',
    logo_uri: 'https://app.example/logo.png',
    policy_uri: 'https://app.example/policy',
    tos_uri: 'https://app.example/tos',
    contacts: ['ops@app.example'],
    redirect_uris: ['https://app.example/callback', 'http://localhost:3000/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    allowed_origins: ['https://spa.example', 'http://localhost:5173'],
  }
  expect(read({ ...metadata, scope: 'write offline_access' })).toEqual([
    {
      ...metadata,
      client_names: {},
      application_type: 'web',
      consent: 'explicit',
      scope: ['write', 'offline_access'],
      secretHashes: [],
      resources: undefined,
      access_token_format: 'jwt',
      introspection: 'own',
      subject_type: 'public',
      require_auth_time: false,
      dpop_bound_access_tokens: false,
      require_pushed_authorization_requests: false,
      post_logout_redirect_uris: [],
    },
  ])
})

it('reads several clients in their order, and none', () => {
  expect(read(confidentialClient, publicClient, nativeClient).map((client) => client.client_id)).toEqual([
    'backend',
    'app',
    'native',
  ])
  expect(read()).toEqual([])
})

it('ignores members it does not know, as RFC 7591 §2 asks, and takes null as left out', () => {
  const [client] = read({ ...publicClient, software_id: 'x', software_version: '1', jwks_uri: null, logo_uri: null })
  expect(client).toEqual(read(publicClient)[0])
})

describe('a message names the client, the field and what would be right', () => {
  it.each<[string, unknown, string]>([
    ['client_name', '', 'client_name must be text of 1 to 200 characters, not ""'],
    ['client_name', ' ', 'client_name must be text of 1 to 200 characters, not " "'],
    ['client_name', 5, 'client_name must be text of 1 to 200 characters, not 5'],
    ['client_name', 'a\nb', 'client_name must be text of 1 to 200 characters, not "a\\nb"'],
    ['contacts', 'ops@app.example', 'contacts must be an array, not "ops@app.example"'],
    ['contacts', [5], 'contacts must be text of 1 to 200 characters, not 5'],
    ['redirect_uris', 'https://app.example', 'redirect_uris must be an array, not "https://app.example"'],
    ['redirect_uris', [5], 'redirect_uris must be a string, not 5'],
    ['redirect_uris', [], 'redirect_uris must name at least one URI for the grant type authorization_code'],
    ['redirect_uris', null, 'redirect_uris must name at least one URI for the grant type authorization_code'],
    [
      'redirect_uris',
      ['https://app.example/#x'],
      'redirect_uris "https://app.example/#x" must not have a fragment (RFC 6749 §3.1.2)',
    ],
    [
      'redirect_uris',
      ['https://app.example/ok', 'https://*.app.example/'],
      'redirect_uris "https://*.app.example/" must not have a wildcard; register each URI',
    ],
    ['grant_types', ['password'], 'grant_types must be one of authorization_code, refresh_token, not "password"'],
    ['grant_types', 'authorization_code', 'grant_types must be an array, not "authorization_code"'],
    ['response_types', ['token'], 'response_types must be one of code, not "token"'],
    ['scope', ['read'], 'scope must be a string of scope names parted by spaces, not ["read"]'],
    ['scope', 'read admin', 'scope has the name "admin", which SCOPES does not describe'],
    [
      'token_endpoint_auth_method',
      'private_key',
      'token_endpoint_auth_method must be one of none, client_secret_basic, client_secret_post, not "private_key"',
    ],
    [
      'token_endpoint_auth_method',
      'client_secret_post',
      'token_endpoint_auth_method client_secret_post needs a client_secret or client_secret_hash',
    ],
    [
      'client_secret',
      CLIENT_SECRET,
      'token_endpoint_auth_method none does not go with a client_secret; leave one of them out',
    ],
  ])('%s %j', (name, value, line) => {
    expect(complaints({ ...publicClient, [name]: value })).toEqual([`[0] (client "app"): ${line}`])
  })

  it.each([
    ['client_uri', 'app.example'],
    ['client_uri', 'javascript:alert(1)'],
    ['policy_uri', 'data:text/html,x'],
    ['policy_uri', '//app.example'],
    ['policy_uri', 'HTTPS://app.example'],
    ['tos_uri', ['https://app.example']],
    ['tos_uri', 'https://'],
    ['tos_uri', 'https:app.example'],
    ['tos_uri', 'https:///app.example'],
    ['tos_uri', 'https://user@app.example'],
    ['tos_uri', 'https://user:password@app.example/'],
    ['tos_uri', 'https://app.example\\@evil.example/'],
    ['tos_uri', 'https://app.example/a b'],
    ['tos_uri', 'https://app.example/\n'],
    ['tos_uri', 'https://app.example/\u007f'],
    ['tos_uri', '\u0001https://app.example/'],
    ['tos_uri', 'https://app.example:port/'],
  ])('%s %j, which is no address for a link', (name, value) => {
    const right = 'must be an address that begins with https:// or http://, without a user name'
    expect(complaints({ ...publicClient, [name]: value })).toEqual([
      `[0] (client "app"): ${name} ${right}, not ${JSON.stringify(value)}`,
    ])
  })

  it.each(['https://app.example', 'http://app.example/about', 'https://social.example/@app?mail=a@b#x'])(
    'takes the address %s for a link',
    (client_uri) => {
      expect(read({ ...publicClient, client_uri })[0]?.client_uri).toBe(client_uri)
    },
  )

  it.each([
    ['redirect_uris', 'https://app.example/callback'],
    ['grant_types', 'authorization_code'],
    ['response_types', 'code'],
    ['contacts', 'ops@app.example'],
    ['allowed_origins', 'https://app.example'],
  ])('%s that name %s twice', (name, value) => {
    expect(complaints({ ...publicClient, [name]: [value, value] })).toEqual([
      `[0] (client "app"): ${name} names something twice`,
    ])
  })

  it.each([
    'https://app.example/',
    '*',
    'null',
    'https://App.example',
    'https://app.example:443',
    'https://user@app.example',
    'app.example',
    'wss://app.example',
    'ftp://app.example',
    'chrome-extension://abcdefghijklmnop',
    'file://',
    5,
  ])('the allowed origin %j', (origin) => {
    expect(complaints({ ...publicClient, allowed_origins: [origin] })).toEqual([
      `[0] (client "app"): allowed_origins must be an origin such as https://app.example.com, without a path, not ${JSON.stringify(origin)}`,
    ])
  })

  it.each([undefined, null, '', ' ', 'a b', 'é', 'a\n', 5, 'x'.repeat(201)])('client_id %j', (client_id) => {
    const lines = complaints({ ...publicClient, client_id })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/client_id (is missing|must be 1 to 200 printable ASCII characters without spaces, not )/)
  })

  it('takes a client_id of 200 characters, colons and percent signs included', () => {
    expect(read({ ...publicClient, client_id: 'https://app.example/%7E'.padEnd(200, 'x') })).toHaveLength(1)
  })
})

it.each([
  ['redirect_url', 'redirect_uris'],
  ['redirect_uri', 'redirect_uris'],
  ['scopes', 'scope'],
  ['grant_type', 'grant_types'],
  ['clientid', 'client_id'],
  ['client_secrets', 'client_secret'],
  ['contact', 'contacts'],
  ['allowed_origin', 'allowed_origins'],
  ['subject_types', 'subject_type'],
  ['application_types', 'application_type'],
  ['consents', 'consent'],
  ['client_names', 'client_name'],
  ['initiate_login_url', 'initiate_login_uri'],
  ['client_url_verified', 'client_uri_verified'],
  ['post_logout_redirect_uri', 'post_logout_redirect_uris'],
])('asks whether the member %s was meant to be %s', (name, meant) => {
  expect(complaints({ ...publicClient, [name]: 'x' })).toEqual([
    `[0] (client "app"): "${name}" is unknown; did you mean ${meant}?`,
  ])
})

it('tells all problems of all clients at once', () => {
  expect(
    complaints(
      publicClient,
      { ...publicClient, client_id: 'second', client_name: '', scope: 'x', redirect_uris: ['http://a', 'ftp://a'] },
      null,
      ['app'],
      { ...publicClient, client_id: undefined, contacts: 5 },
    ),
  ).toEqual([
    expect.stringMatching(/^\[1\] \(client "second"\): redirect_uris "http:\/\/a" must use https/),
    expect.stringMatching(/^\[1\] \(client "second"\): client_name /),
    expect.stringMatching(/^\[1\] \(client "second"\): scope /),
    '[2]: must be an object',
    '[3]: must be an object',
    '[4]: client_id is missing',
    expect.stringMatching(/^\[4\]: contacts /),
  ])
})

it('refuses the same client_id twice', () => {
  expect(complaints(publicClient, confidentialClient, publicClient)).toEqual(['has the client_id "app" twice'])
})

it.each(['{}', 'null', '"app"', '5'])('refuses %s, which is no array', (value) => {
  expect(linesOf(() => readClients(value, known))).toEqual(['must be a JSON array of client metadata'])
})
