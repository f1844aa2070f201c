import { normalizeHttpUri } from '../../src/dpop/http-uri.ts'

const ENDPOINT = 'https://auth.example/tenant/oauth/token'

it.each([
  ['itself', ENDPOINT],
  ['scheme and host in capitals', 'HTTPS://AUTH.Example/tenant/oauth/token'],
  ['the default port', 'https://auth.example:443/tenant/oauth/token'],
  ['an empty port', 'https://auth.example:/tenant/oauth/token'],
  ['needless percent-encoding', 'https://auth.example/%74enant/oauth/%74oken'],
  ['dot segments', 'https://auth.example/tenant/./x/../oauth/token'],
  ['encoded dot segments', 'https://auth.example/tenant/x/%2E%2e/oauth/token'],
  ['a query', `${ENDPOINT}?x=https://evil.example/`],
  ['a fragment', `${ENDPOINT}#x`],
])('is the same with %s (RFC 3986 §6.2.2 and §6.2.3, RFC 9449 §4.3)', (_what, uri) => {
  expect(normalizeHttpUri(uri)).toBe(ENDPOINT)
})

it('has one spelling for what must stay encoded', () => {
  expect(normalizeHttpUri('https://auth.example/a%2fb%c3%a9')).toBe('https://auth.example/a%2Fb%C3%A9')
})

it('has one spelling for the empty path', () => {
  expect(normalizeHttpUri('http://localhost:3000')).toBe(normalizeHttpUri('http://LOCALHOST:3000/'))
})

it.each([
  ['another scheme', 'http://auth.example/tenant/oauth/token'],
  ['another host', 'https://auth.example.evil.example/tenant/oauth/token'],
  ['another port', 'https://auth.example:444/tenant/oauth/token'],
  ['a slash more', `${ENDPOINT}/`],
  ['another case of the path', 'https://auth.example/Tenant/oauth/token'],
  ['an encoded slash', 'https://auth.example/tenant/oauth%2Ftoken'],
  ['two slashes', 'https://auth.example/tenant//oauth/token'],
])('is another with %s', (_what, uri) => {
  expect(normalizeHttpUri(uri)).not.toBe(ENDPOINT)
})

it.each([
  ['nothing', ''],
  ['a path alone', '/tenant/oauth/token'],
  ['a user name', 'https://auth.example@evil.example/tenant/oauth/token'],
  ['a backslash', 'https:\\\\auth.example/tenant/oauth/token'],
  ['missing slashes', 'https:auth.example/tenant/oauth/token'],
  ['a blank before it', ` ${ENDPOINT}`],
  ['a line end in it', 'https://auth.example/tenant/oauth\n/token'],
  ['a broken percent-encoding', 'https://auth.example/tenant/oauth/token%'],
  ['a letter that is not ASCII', 'https://auth.example/tenant/oauth/tokén'],
  ['another kind of URI', 'urn:ietf:params:oauth'],
  ['an impossible port', 'https://auth.example:99999/'],
])('refuses %s', (_what, uri) => {
  expect(normalizeHttpUri(uri)).toBeUndefined()
})
