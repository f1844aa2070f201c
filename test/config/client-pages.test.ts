import { readClients } from '../../src/config/clients.ts'
import { CLIENT_SECRET, confidentialClient, nativeClient, publicClient } from '../helpers/fixtures.ts'
import { linesOf, load, problemsOf, productionEnv, supported } from './load.ts'

// What a client's metadata say of how people meet it: what the pages show, and whether they ask.

const known = { ...supported, scopes: ['read', 'write'], resources: [], allowLoopback: false }

function read(metadata: object) {
  const [client] = readClients(JSON.stringify([{ ...publicClient, ...metadata }]), known)
  if (client === undefined) throw new Error('the client was not read')
  return client
}

const complaints = (metadata: object) => linesOf(() => read(metadata))

it('keeps what is given', () => {
  const metadata = {
    application_type: 'native',
    consent: 'granular',
    client_uri_verified: false,
    initiate_login_uri: 'https://app.example/login?from=us',
    logo_uri: 'https://app.example/logo.png?v=1',
  }
  expect(read(metadata)).toMatchObject(metadata)
})

it('leaves out what has no default, and takes null as left out', () => {
  const client = read({ client_uri_verified: null, initiate_login_uri: null, application_type: null, consent: null })
  expect(client).toMatchObject({ application_type: 'web', consent: 'explicit', client_names: {} })
  for (const name of ['client_uri_verified', 'initiate_login_uri', 'logo_uri']) expect(client).not.toHaveProperty(name)
})

it.each<[string, unknown, string]>([
  ['application_type', 'spa', 'must be one of web, native, not "spa"'],
  ['application_type', ['web'], 'must be one of web, native, not ["web"]'],
  ['consent', 'Implicit', 'must be one of explicit, granular, implicit, not "Implicit"'],
  ['consent', false, 'must be one of explicit, granular, implicit, not false'],
  ['client_uri_verified', 'true', 'must be true or false, not "true"'],
  ['initiate_login_uri', 'http://app.example/login', 'must begin with https://, not "http://app.example/login"'],
  ['initiate_login_uri', 'http://localhost/login', 'must begin with https://, not "http://localhost/login"'],
  ['initiate_login_uri', 'https://app.example/#login', 'must not have a fragment'],
  [
    'initiate_login_uri',
    'javascript:alert(1)',
    'must be an address that begins with https:// or http://, without a user name, not "javascript:alert(1)"',
  ],
  ['logo_uri', 'http://app.example/logo.png', 'must begin with https://, not "http://app.example/logo.png"'],
  ['logo_uri', 'http://localhost/logo.png', 'must begin with https://, not "http://localhost/logo.png"'],
  ['logo_uri', 'javascript:alert(1)', 'must begin with https://, not "javascript:alert(1)"'],
  ['logo_uri', 'data:image/png,x', 'must begin with https://, not "data:image/png,x"'],
  ['logo_uri', 'logo.png', 'must be a URL, not "logo.png"'],
  ['logo_uri', 5, 'must be a URL, not 5'],
  ['logo_uri', 'https://user@app.example/logo.png', 'must not have a user name or password'],
  ['logo_uri', 'https://app.example/logo.svg#icon', 'must not have a fragment'],
  ['logo_uri', 'https://10.0.0.1/logo.png', 'must not lead to 10.0.0.1, which is no public address'],
  ['logo_uri', 'https://localhost/logo.png', 'must not lead to localhost, which is no public address'],
])('refuses %s %j', (name, value, line) => {
  expect(complaints({ [name]: value })).toEqual([`[0] (client "app"): ${name} ${line}`])
})

describe('addresses on this machine itself', () => {
  const metadata = { logo_uri: 'http://localhost:8080/logo.png', initiate_login_uri: 'http://127.0.0.1:8080/login' }
  const env = { SCOPES: '{"read":"x","write":"x"}', CLIENTS: JSON.stringify([{ ...publicClient, ...metadata }]) }

  it('are fine for development', () => {
    expect(load(env).clients[0]).toMatchObject(metadata)
  })

  it('are refused in production', () => {
    expect(problemsOf({ ...productionEnv, ...env })).toEqual([
      expect.stringContaining('logo_uri must begin with https://'),
      expect.stringContaining('initiate_login_uri must begin with https://'),
    ])
  })
})

describe('names by language (RFC 7591 §2.2)', () => {
  it('are kept by their tags in canonical letters', () => {
    const client = read({ 'client_name#de': 'Beispiel', 'client_name#PT-br': 'Exemplo', 'client_name#fr': null })
    expect(client.client_names).toEqual({ de: 'Beispiel', 'pt-BR': 'Exemplo' })
    expect(client.client_name).toBe('Example App')
  })

  it.each(['', 'd', 'de_DE', 'de-', 'deutschland', 'de#AT', '__proto__', ' de'])('may not be for the tag %j', (tag) => {
    const line = `[0] (client "app"): "client_name#${tag}" must end in a language tag such as de or pt-BR (BCP 47)`
    expect(complaints({ [`client_name#${tag}`]: 'x' })).toEqual([line])
  })

  it('are text like the name itself, and one for each language', () => {
    expect(complaints({ 'client_name#de': '', 'client_name#fr': 'x', 'client_name#FR': 'y' })).toEqual([
      '[0] (client "app"): client_name#de must be text of 1 to 200 characters, not ""',
      '[0] (client "app"): "client_name#FR" names the language fr a second time',
    ])
  })

  it('are for the name only: other members in other languages are passed over', () => {
    expect(read({ 'client_uri#de': 'https://app.example/de' })).toEqual(read({}))
  })
})

describe('client_uri_verified', () => {
  it('needs a client_uri to speak of', () => {
    const line = '[0] (client "app"): client_uri_verified says something of a client_uri, and there is none'
    expect(complaints({ client_uri: undefined, client_uri_verified: true })).toEqual([line])
    expect(complaints({ client_uri: null, client_uri_verified: false })).toEqual([line])
  })

  it('brings no second line where it is the client_uri that is wrong', () => {
    expect(complaints({ client_uri: 'app.example', client_uri_verified: true })).toEqual([
      expect.stringContaining('client_uri must be an address'),
    ])
  })
})

describe('consent implicit', () => {
  const loopback = 'http://127.0.0.1/callback'
  const posed = expect.stringMatching(/consent implicit does not go with a client that anyone can pose as: .*RFC 8252/)

  it.each([
    ['loopback', [loopback]],
    ['a private-use scheme', ['com.example.app:/callback']],
    ['both', nativeClient.redirect_uris],
  ])('is refused for a public client that is reached by %s only', (_what, redirect_uris) => {
    expect(complaints({ consent: 'implicit', redirect_uris })).toEqual([posed])
    expect(complaints({ consent: 'granular', redirect_uris })).toEqual([])
  })

  it('is fine where the client has an https redirect URI too, or proves itself', () => {
    const redirect_uris = ['https://app.example/callback', loopback]
    expect(read({ consent: 'implicit', redirect_uris }).consent).toBe('implicit')
    expect(complaints({ ...confidentialClient, consent: 'implicit', redirect_uris: [loopback] })).toEqual([])
  })

  it('brings no second line where it is the method that is wrong', () => {
    const token_endpoint_auth_method = 'client_secret'
    const redirect_uris = [loopback]
    expect(complaints({ consent: 'implicit', redirect_uris, token_endpoint_auth_method })).toEqual([
      expect.stringContaining('token_endpoint_auth_method must be one of'),
    ])
    expect(complaints({ consent: 'implicit', redirect_uris, client_secret: CLIENT_SECRET })).toHaveLength(1)
  })
})
