import { clientAuthMethods } from '../../src/client-auth/registry.ts'
import { CLIENT_SECRET, confidentialClient, publicClient } from '../helpers/fixtures.ts'
import { type Attempt, authenticate, basic, refusalOf, registryOf } from './attempt.ts'

const clients = registryOf(publicClient, confidentialClient, {
  ...confidentialClient,
  client_id: 'poster',
  token_endpoint_auth_method: 'client_secret_post',
})

const CHALLENGE = { 'WWW-Authenticate': 'Basic realm="latchkey", charset="UTF-8"' }

it.each<[string, string, Attempt]>([
  ['a public client by its name', 'app', { form: { client_id: 'app' } }],
  ['a public client that sends an empty client_secret', 'app', { form: { client_id: 'app', client_secret: '' } }],
  ['a secret in the header', 'backend', { header: basic('backend', CLIENT_SECRET) }],
  ['a secret in the form', 'poster', { form: { client_id: 'poster', client_secret: CLIENT_SECRET } }],
  [
    'a secret in the form where the header is registered: libraries mix the two roads',
    'backend',
    { form: { client_id: 'backend', client_secret: CLIENT_SECRET } },
  ],
  ['a secret in the header where the form is registered', 'poster', { header: basic('poster', CLIENT_SECRET) }],
  [
    'a header and the same client_id in the form',
    'backend',
    { header: basic('backend', CLIENT_SECRET), form: { client_id: 'backend' } },
  ],
  [
    'a header and an empty client_secret in the form',
    'backend',
    { header: basic('backend', CLIENT_SECRET), form: { client_id: '', client_secret: '' } },
  ],
])('lets in %s', async (_, id, attempt) => {
  expect((await authenticate(clients, attempt)).client_id).toBe(id)
})

it.each<[string, string, Attempt]>([
  ['unknown-client', 'a stranger', { form: { client_id: 'stranger' } }],
  ['unknown-client', 'a stranger with a secret', { form: { client_id: 'stranger', client_secret: CLIENT_SECRET } }],
  ['unknown-client', 'a name that objects inherit', { form: { client_id: '__proto__' } }],
  ['unknown-client', 'a name in another case', { form: { client_id: 'APP' } }],
  ['wrong-secret', 'another secret', { form: { client_id: 'backend', client_secret: `${CLIENT_SECRET}x` } }],
  ['wrong-secret', 'a secret cut short', { form: { client_id: 'backend', client_secret: CLIENT_SECRET.slice(0, -1) } }],
  [
    'wrong-secret',
    'a secret in another case',
    { form: { client_id: 'backend', client_secret: CLIENT_SECRET.toUpperCase() } },
  ],
  ['wrong-secret', 'a secret with a line end', { form: { client_id: 'backend', client_secret: `${CLIENT_SECRET}\n` } }],
  ['wrong-secret', 'a public client with a secret', { form: { client_id: 'app', client_secret: CLIENT_SECRET } }],
  ['wrong-auth-method', 'a confidential client by its name only', { form: { client_id: 'backend' } }],
  [
    'wrong-auth-method',
    'a confidential client with an empty secret',
    { form: { client_id: 'backend', client_secret: '' } },
  ],
])('refuses without a challenge, %s: %s (RFC 6749 §5.2)', async (cause, _, attempt) => {
  const error = await refusalOf(clients, attempt)
  expect(error).toMatchObject({
    code: 'invalid_client',
    status: 401,
    description: 'client authentication failed',
    cause,
  })
  expect(error.headers).toEqual({})
})

it.each<[string, string, string]>([
  ['unknown-client', 'a stranger', basic('stranger', CLIENT_SECRET)],
  ['wrong-secret', 'another secret', basic('backend', `${CLIENT_SECRET}x`)],
  ['wrong-secret', 'an empty secret', basic('backend', '')],
  ['wrong-secret', 'a public client with an empty secret', basic('app', '')],
  ['wrong-secret', 'a public client with a secret', basic('app', CLIENT_SECRET)],
  ['malformed-basic-header', 'another scheme', 'Bearer x'],
  ['malformed-basic-header', 'an empty header', ''],
])('refuses with a challenge where the header was tried, %s: %s (RFC 6749 §5.2)', async (cause, _, header) => {
  expect(await refusalOf(clients, { header })).toMatchObject({
    code: 'invalid_client',
    status: 401,
    description: 'client authentication failed',
    cause,
    headers: CHALLENGE,
  })
})

it.each<[string, Attempt]>([
  [
    'the same secret in header and form',
    { header: basic('backend', CLIENT_SECRET), form: { client_secret: CLIENT_SECRET } },
  ],
  [
    'header and form of two clients',
    { header: basic('backend', CLIENT_SECRET), form: { client_id: 'poster', client_secret: CLIENT_SECRET } },
  ],
  [
    'another scheme and a secret in the form',
    { header: 'Bearer x', form: { client_id: 'poster', client_secret: CLIENT_SECRET } },
  ],
])('refuses two methods at once: %s (RFC 6749 §2.3)', async (_, attempt) => {
  expect(await refusalOf(clients, attempt)).toMatchObject({
    code: 'invalid_request',
    status: 400,
    cause: 'several-auth-methods',
    detail: { methods: ['client_secret_basic', 'client_secret_post'] },
  })
})

it.each(['app', 'poster', 'Backend', 'stranger'])(
  'refuses the client_id %s in the form beside the header of another client',
  async (client_id) => {
    expect(await refusalOf(clients, { header: basic('backend', CLIENT_SECRET), form: { client_id } })).toMatchObject({
      code: 'invalid_request',
      cause: 'two-client-ids',
    })
  },
)

it.each<Attempt>([
  {},
  { form: { client_id: '' } },
  { form: { client_secret: CLIENT_SECRET } },
  { form: { code: 'x' } },
])('names the client_id as missing where nothing says who asks: %j', async (attempt) => {
  expect(await refusalOf(clients, attempt)).toMatchObject({
    code: 'invalid_request',
    description: 'missing parameter: client_id',
  })
})

it('has the client_id in the log, cut to a sensible length, and never the secret', async () => {
  const long = 'x'.repeat(500)
  for (const attempt of [{ form: { client_id: long, client_secret: 'hunter2' } }, { header: basic(long, 'hunter2') }]) {
    const { detail, message } = await refusalOf(clients, attempt)
    expect(detail).toEqual({ client_id: 'x'.repeat(200) })
    expect(message).not.toContain('hunter2')
  }
})

it('sees clients that were changed while the server runs', async () => {
  const registry = registryOf(publicClient)
  registry.replace([])
  expect((await refusalOf(registry, { form: { client_id: 'app' } })).cause).toBe('unknown-client')
})

it('has one method for each name that metadata publish (RFC 8414 §2)', () => {
  const names = clientAuthMethods.map((method) => method.name)
  expect(new Set(names).size).toBe(names.length)
  for (const method of clientAuthMethods) expect(method.registrations).toContain(method.name)
})
