import { requireAuthorizationRequest } from '../../src/oauth/authorization-request.ts'
import { type Client, isImpersonable, isPublic, mayUse } from '../../src/oauth/client.ts'
import { readParams } from '../../src/oauth/params.ts'
import { authorizationRequest } from '../helpers/request.ts'
import { refusal } from './refusal.ts'

const client: Client = {
  client_id: 'app',
  client_name: 'Example App',
  client_names: {},
  application_type: 'web',
  consent: 'explicit',
  contacts: [],
  redirect_uris: ['https://app.example/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  scope: ['read', 'write'],
  token_endpoint_auth_method: 'none',
  secretHashes: [],
  resources: undefined,
  access_token_format: 'jwt',
  introspection: 'own',
  allowed_origins: [],
  dpop_bound_access_tokens: false,
  require_pushed_authorization_requests: false,
  subject_type: 'public',
  require_auth_time: false,
  post_logout_redirect_uris: [],
}

const api = { uri: 'https://api.example', scopes: undefined, accessTokenLifetime: 3_600_000, introspectedBy: [] }
const resources = { byUri: new Map([[api.uri, api]]), fallback: api }

function read(overrides: Record<string, string | undefined> = {}, kind: Client = client) {
  const params = readParams(authorizationRequest(overrides).query())
  return requireAuthorizationRequest(params, kind, 'https://app.example/callback', resources)
}

it('holds what the rest of the flow needs', () => {
  const { params, challenge, state, query } = authorizationRequest({ scope: 'write read' })
  expect(requireAuthorizationRequest(readParams(query()), client, params.redirect_uri as string, resources)).toEqual({
    clientId: 'app',
    redirectUri: 'https://app.example/callback',
    state,
    scope: ['write', 'read'],
    resources: ['https://api.example'],
    responseMode: 'query',
    prompt: [],
    codeChallenge: challenge,
  })
})

it('does not need a state and ignores parameters it does not know (RFC 6749 §3.1)', () => {
  expect(read({ state: undefined, foo: 'bar' }).state).toBeUndefined()
})

it.each([
  [undefined, 'invalid_request', 'missing parameter: response_type'],
  ['', 'invalid_request', 'missing parameter: response_type'],
  ['token', 'unsupported_response_type', 'response_type must be code'],
  ['CODE', 'unsupported_response_type', 'response_type must be code'],
  ['code token', 'unsupported_response_type', 'response_type must be code'],
  ['code ', 'unsupported_response_type', 'response_type must be code'],
  ['id_token', 'unsupported_response_type', 'response_type must be code'],
  ['none', 'unsupported_response_type', 'response_type must be code'],
])('answers the response_type %j with %s (RFC 6749 §4.1.2.1)', (response_type, code, description) => {
  expect(refusal(() => read({ response_type }))).toMatchObject({ code, description })
})

it.each([
  ['request', 'request_not_supported'],
  ['request_uri', 'request_uri_not_supported'],
])('refuses the parameter %s instead of ignoring what it may demand (OpenID Connect Core §3.1.2.6)', (name, code) => {
  expect(refusal(() => read({ [name]: 'https://client.example/request' })).code).toBe(code)
  expect(read({ [name]: '' }).clientId).toBe('app')
})

it('takes the response modes query and form_post and no other', () => {
  expect(read({ response_mode: 'query' }).responseMode).toBe('query')
  expect(read({ response_mode: 'form_post' }).responseMode).toBe('form_post')
  for (const response_mode of ['fragment', 'form_post.jwt', 'query.jwt', 'Query']) {
    expect(refusal(() => read({ response_mode }))).toMatchObject({
      code: 'invalid_request',
      cause: 'wrong-response-mode',
    })
  }
})

it('refuses a client that is not registered for the authorization code flow', () => {
  const machine = { ...client, grant_types: ['client_credentials'] }
  expect(refusal(() => read({}, machine)).code).toBe('unauthorized_client')
})

it('takes a state of 2048 characters and not one more', () => {
  expect(read({ state: 'x'.repeat(2048) }).state).toHaveLength(2048)
  expect(refusal(() => read({ state: 'x'.repeat(2049) }))).toMatchObject({
    code: 'invalid_request',
    cause: 'long-state',
  })
})

it('keeps a state byte for byte, blanks and line ends included', () => {
  expect(read({ state: ' a+b%20\r\n"é ' }).state).toBe(' a+b%20\r\n"é ')
})

it('wants PKCE of every client, confidential ones included (RFC 9700 §2.1.1)', () => {
  const confidential = { ...client, token_endpoint_auth_method: 'client_secret_basic', secretHashes: ['x'] }
  for (const kind of [client, confidential]) {
    expect(refusal(() => read({ code_challenge: undefined }, kind)).cause).toBe('missing-code-challenge')
    expect(refusal(() => read({ code_challenge_method: undefined }, kind)).cause).toBe('missing-challenge-method')
    expect(refusal(() => read({ code_challenge_method: 'plain' }, kind)).cause).toBe('wrong-challenge-method')
  }
})

it('gives all scopes of the client where none is asked for', () => {
  expect(read({ scope: undefined }).scope).toEqual(['read', 'write'])
  expect(read({ scope: '' }).scope).toEqual(['read', 'write'])
  expect(read({ scope: '  ' }).scope).toEqual(['read', 'write'])
})

it('lets any client that may refresh ask for offline_access, and no other (OpenID Connect Core §11)', () => {
  expect(read({ scope: 'read offline_access' }).scope).toEqual(['read', 'offline_access'])
  const brief = { ...client, grant_types: ['authorization_code'] }
  expect(refusal(() => read({ scope: 'read offline_access' }, brief)).code).toBe('invalid_scope')
})

describe('a client', () => {
  const confidential = { ...client, token_endpoint_auth_method: 'client_secret_post' }

  it('is public where it has no way to prove who it is (RFC 6749 §2.1)', () => {
    expect([isPublic(client), isPublic(confidential)]).toEqual([true, false])
  })

  it.each([
    ['https://app.example/callback', false],
    ['http://127.0.0.1:8080/callback', true],
    ['http://localhost/callback', true],
    ['com.example.app:/callback', true],
  ])('can be posed as at %s: %s, if it is public (RFC 8252 §8.6)', (uri, expected) => {
    expect(isImpersonable(client, uri)).toBe(expected)
    expect(isImpersonable(confidential, uri)).toBe(false)
  })

  it('may use the grant types it is registered for, by their whole names', () => {
    expect(
      ['authorization_code', 'refresh_token', 'refresh', 'password', ''].map((name) => mayUse(client, name)),
    ).toEqual([true, true, false, false, false])
  })
})
