import type { Client } from '../../src/oauth/client.ts'
import { opensApp, siteOf, startOf } from '../../src/oauth/client-site.ts'

const clientWith = (metadata: Partial<Client>) =>
  ({ application_type: 'web', redirect_uris: [], ...metadata }) as Client
const site = (client_uri: string, redirectUri: string) => siteOf(clientWith({ client_uri }), redirectUri)

describe('the site of a client', () => {
  it.each([
    ['https://app.example', 'https://app.example/callback'],
    ['https://app.example/about', 'https://login.app.example/callback'],
    ['https://www.app.example', 'https://app.example/callback'],
    ['https://www.app.example', 'https://www.app.example/callback'],
    ['https://www.app.example', 'https://login.app.example/callback'],
    ['https://APP.example', 'https://LOGIN.app.EXAMPLE/callback'],
    ['http://app.example', 'https://app.example/callback'],
    ['https://app.example:8443', 'https://app.example:9443/callback'],
    ['https://münchen.example', 'https://xn--mnchen-3ya.example/callback'],
    ['https://192.0.2.1', 'https://192.0.2.1/callback'],
    ['https://[2001:db8::1]', 'https://[2001:DB8:0::1]/callback'],
    ['https://localhost', 'https://localhost/callback'],
    ['https://app.example.', 'https://app.example./callback'],
  ])('%s counts as verified where the answer goes to %s', (clientUri, redirectUri) => {
    expect(site(clientUri, redirectUri)).toEqual({ host: new URL(clientUri).host, verified: true })
  })

  it.each([
    ['https://app.example', 'https://app.example.evil.test/callback'],
    ['https://app.example', 'https://evilapp.example/callback'],
    ['https://app.example', 'https://evil-app.example/callback'],
    ['https://app.example', 'https://example/callback'],
    ['https://login.app.example', 'https://app.example/callback'],
    ['https://login.app.example', 'https://www.app.example/callback'],
    ['https://app.example', 'https://app.example./callback'],
    ['https://app.example.', 'https://app.example/callback'],
    ['https://app.example', 'https://app.example@evil.test/callback'],
    ['https://app.example', 'https://evil.test/app.example'],
    ['https://app.example', 'https://evil.test/?.app.example'],
    ['https://app.example', 'https://app.example%2eevil.test/callback'],
    ['https://192.0.2.1', 'https://192.0.2.11/callback'],
    ['https://2.1', 'https://192.0.2.1/callback'],
    ['https://www.com', 'https://evil.com/callback'],
    ['https://com', 'https://evil.com/callback'],
    ['https://www.', 'https://evil.test./callback'],
    ['https://www.com.', 'https://evil.com./callback'],
    ['https://münchen.example', 'https://munchen.example/callback'],
    ['https://app.example', 'https://аpp.example/callback'],
    ['https://app.example', 'http://127.0.0.1/callback'],
    ['https://127.0.0.1', 'http://127.0.0.1/callback'],
    ['https://app.example', 'com.example.app:/callback'],
    ['https://app.example', 'example.app://app.example/callback'],
  ])('%s does not where it goes to %s', (clientUri, redirectUri) => {
    expect(site(clientUri, redirectUri)).toEqual({ host: new URL(clientUri).host, verified: false })
  })

  it('is shown in letters that cannot be taken for others, and with its port', () => {
    expect(site('https://аpp.example', 'https://evil.test/')?.host).toBe('xn--pp-6kc.example')
    expect(site('https://APP.Example:443/', 'https://evil.test/')?.host).toBe('app.example')
    expect(site('https://app.example:8443/', 'https://evil.test/')?.host).toBe('app.example:8443')
  })

  it('is the host of an https redirect URI where there is no client_uri', () => {
    const bare = clientWith({})
    expect(siteOf(bare, 'https://app.example:8443/callback')).toEqual({ host: 'app.example:8443', verified: true })
    expect(siteOf(bare, 'https://app.example@evil.test/')).toEqual({ host: 'evil.test', verified: true })
    expect(siteOf(bare, 'http://localhost:8080/callback')).toBeUndefined()
    expect(siteOf(bare, 'com.example.app:/callback')).toBeUndefined()
    expect(siteOf(bare, undefined)).toBeUndefined()
  })

  it('is what the operator has found it to be', () => {
    const client_uri = 'https://app.example'
    const sure = clientWith({ client_uri, client_uri_verified: true })
    expect(siteOf(sure, 'com.example.app:/callback')).toEqual({ host: 'app.example', verified: true })
    expect(siteOf(sure, undefined)).toEqual({ host: 'app.example', verified: true })
    const unsure = clientWith({ client_uri, client_uri_verified: false })
    expect(siteOf(unsure, 'https://app.example/callback')).toEqual({ host: 'app.example', verified: false })
    expect(siteOf(clientWith({ client_uri }), undefined)).toEqual({ host: 'app.example', verified: false })
  })
})

describe('where to begin again', () => {
  const issuer = 'https://auth.example/tenant'

  it.each([
    ['https://app.example/login', 'https://app.example/login?iss=https%3A%2F%2Fauth.example%2Ftenant'],
    ['https://app.example/login?a=b', 'https://app.example/login?a=b&iss=https%3A%2F%2Fauth.example%2Ftenant'],
  ])('is %s, told who sends the person (OpenID Connect Core §4)', (initiate_login_uri, expected) => {
    expect(startOf(clientWith({ initiate_login_uri, client_uri: 'https://app.example' }), issuer)).toBe(expected)
  })

  it('is the site where there is no such address, and nowhere where there is neither', () => {
    expect(startOf(clientWith({ client_uri: 'https://app.example/start' }), issuer)).toBe('https://app.example/start')
    expect(startOf(clientWith({}), issuer)).toBeUndefined()
  })
})

it.each<[string, boolean, boolean]>([
  ['https://app.example/callback', false, true],
  ['http://127.0.0.1:8080/callback', false, false],
  ['http://[::1]/callback', false, false],
  ['http://localhost/callback', false, false],
  ['com.example.app:/callback', true, true],
  ['example.app://callback/x', true, true],
])('%s opens an app: %s for a web client, %s for a native one', (redirectUri, web, native) => {
  expect(opensApp(clientWith({ application_type: 'web' }), redirectUri)).toBe(web)
  expect(opensApp(clientWith({ application_type: 'native' }), redirectUri)).toBe(native)
})
