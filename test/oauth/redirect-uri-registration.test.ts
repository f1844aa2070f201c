import { isLoopback, isNativeRedirect, redirectUriProblem } from '../../src/oauth/redirect-uri.ts'

describe('registration takes', () => {
  it.each([
    'https://app.example/callback',
    'https://app.example',
    'https://app.example/',
    'https://app.example:8443/callback',
    'https://app.example/callback?tenant=1&x=%20y',
    'https://app.example/Callback/',
    'https://app.example/a.b/..c/...',
    'https://app.example/callback/user@host',
    'https://app.example/callback?mail=user@host',
    'https://192.0.2.1/callback',
    'https://xn--mnchen-3ya.example/callback',
    'http://127.0.0.1/callback',
    'http://127.0.0.1:8080/callback',
    'http://[::1]/callback',
    'http://[::1]:8080',
    'http://localhost:3000/callback',
    'http://localhost?x=1',
    'com.example.app:/callback',
    'com.example.app://callback',
    'com.example.app://callback/path?x=1',
    'cursor://vendor.extension/oauth/callback',
  ])('%s', (uri) => {
    expect(redirectUriProblem(uri)).toBeUndefined()
  })
})

describe('registration refuses', () => {
  it.each([
    ['callback', 'must be absolute'],
    ['/callback', 'must be absolute'],
    ['//app.example/callback', 'must be absolute'],
    ['app.example/callback', 'must be absolute'],
    ['://app.example', 'must be absolute'],
    ['1app:/callback', 'must be absolute'],
    ['', 'characters other than printable ASCII'],
  ])('%j, which is not absolute (RFC 6749 §3.1.2)', (uri, problem) => {
    expect(redirectUriProblem(uri)).toContain(problem)
  })

  it.each([
    'javascript:alert(1)',
    'javascript://app.example/%0Aalert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://app.example/1',
    'about:blank',
    'view-source:https://app.example',
    'filesystem:https://app.example/temporary/x',
    'ftp://app.example/callback',
    'ws://app.example/callback',
    'wss://app.example/callback',
    'mailto:user@app.example',
    'tel:123',
    'intent://app.example/#Intent;end',
  ])('%s, whose scheme is never allowed', (uri) => {
    expect(redirectUriProblem(uri)).toBe(`uses the scheme ${uri.slice(0, uri.indexOf(':'))}:, which is never allowed`)
  })

  it.each([
    ['JavaScript:alert(1)', 'in another case'],
    ['JAVASCRIPT:alert(1)', 'in capitals'],
    [' javascript:alert(1)', 'after a blank'],
    ['\tjavascript:alert(1)', 'after a tab'],
    ['\u0001javascript:alert(1)', 'after a control character'],
    ['java\nscript:alert(1)', 'with a line end inside'],
    ['java\tscript:alert(1)', 'with a tab inside'],
    ['javascript\n:alert(1)', 'with a line end before the colon'],
    ['javascript :alert(1)', 'with a blank before the colon'],
    ['\u00a0javascript:alert(1)', 'after a blank that is not ASCII'],
    ['\ufeffjavascript:alert(1)', 'after a byte order mark'],
    ['java\0script:alert(1)', 'with a NUL inside'],
    ['ｊavascript:alert(1)', 'with a full-width letter'],
    ['&#106;avascript:alert(1)', 'with an HTML entity'],
    ['%6Aavascript:alert(1)', 'percent-encoded'],
  ])('%j, a script scheme %s', (uri) => {
    expect(redirectUriProblem(uri)).toMatch(/must be absolute and begin with a lower-case scheme|printable ASCII/)
  })

  it.each([
    ['https://app.example/callback#', 'fragment'],
    ['https://app.example/callback#x', 'fragment'],
    ['https://app.example#@evil.example/', 'fragment'],
    ['com.example.app:/callback#x', 'fragment'],
    ['https://user@app.example/callback', 'user name or password'],
    ['https://user:password@app.example/callback', 'user name or password'],
    ['https://:password@app.example/callback', 'user name or password'],
    ['https://@app.example/callback', 'user name or password'],
    ['https://app.example@evil.example/callback', 'user name or password'],
    ['https://a@b@evil.example/callback', 'user name or password'],
    ['http://localhost@evil.example/callback', 'user name or password'],
    ['http://127.0.0.1:80@evil.example/callback', 'user name or password'],
    ['com.example.app://user@callback', 'user name or password'],
    ['https://app.example\\callback', 'percent-encode'],
    ['https://app.example\\@evil.example/callback', 'percent-encode'],
    ['https:\\\\app.example/callback', 'percent-encode'],
    ['https://app.example/<script>', 'percent-encode'],
    ['https://app.example/"x"', 'percent-encode'],
    ['https://app.example/{id}', 'percent-encode'],
    ['https://app.example/a b', 'printable ASCII'],
    ['https://app.example/callback ', 'printable ASCII'],
    ['https://app.example/callback\n', 'printable ASCII'],
    ['https://münchen.example/callback', 'printable ASCII'],
    ['https://app.example/é', 'printable ASCII'],
    ['https://app.example/../callback', 'dot segments'],
    ['https://app.example/./callback', 'dot segments'],
    ['https://app.example/callback/..', 'dot segments'],
    ['https://app.example/callback/.', 'dot segments'],
    ['https://app.example/a/..?x=1', 'dot segments'],
    ['https://app.example/%2e%2e/callback', 'dot segments'],
    ['https://app.example/%2E./callback', 'dot segments'],
    ['https://app.example/.%2e/callback', 'dot segments'],
    ['http://127.0.0.1/../callback', 'dot segments'],
    ['com.example.app:/a/../b', 'dot segments'],
    ['https://*.app.example/callback', 'wildcard'],
    ['https://*/callback', 'wildcard'],
    ['https://app.example/*', 'wildcard'],
    ['http://127.0.0.1:*/callback', 'wildcard'],
    ['https:app.example/callback', 'must name a host'],
    ['https:/app.example/callback', 'must name a host'],
    ['https://', 'is not a URI'],
    ['https://?x=1', 'is not a URI'],
    ['https://app.example:65536/callback', 'is not a URI'],
    ['https://app.example:99999/callback', 'is not a URI'],
    ['https://app.example:port/callback', 'is not a URI'],
    ['http://127.0.0.1:65536/callback', 'is not a URI'],
    ['https://[::1/callback', 'is not a URI'],
    [`https://app.example/${'x'.repeat(2000)}`, 'longer than 2000'],
  ])('%s: %s', (uri, problem) => {
    expect(redirectUriProblem(uri)).toContain(problem)
  })

  it.each([
    'http://app.example/callback',
    'http://127.0.0.1.evil.example/callback',
    'http://localhost.evil.example/callback',
    'http://evil.example/127.0.0.1',
    'http://evil.example?http://localhost/',
    'http://127.0.0.2/callback',
    'http://127.1/callback',
    'http://2130706433/callback',
    'http://0x7f000001/callback',
    'http://0177.0.0.1/callback',
    'http://0.0.0.0/callback',
    'http://[::ffff:127.0.0.1]/callback',
    'http://[0:0:0:0:0:0:0:1]/callback',
    'http://LOCALHOST/callback',
    'http://localhost./callback',
    'http://localhost:/callback',
    'http://192.168.0.1/callback',
  ])('%s: http is for the three spellings of loopback only (RFC 8252 §7.3)', (uri) => {
    expect(redirectUriProblem(uri)).toContain('must use https')
    expect(isLoopback(uri)).toBe(false)
  })

  it('takes 2000 characters and not one more', () => {
    const uri = 'https://app.example/'.padEnd(2000, 'x')
    expect(redirectUriProblem(uri)).toBeUndefined()
    expect(redirectUriProblem(`${uri}x`)).toContain('2000')
  })
})

it.each([
  ['https://app.example/callback', false],
  ['https://localhost/callback', false],
  ['http://127.0.0.1/callback', true],
  ['http://[::1]:1/callback', true],
  ['http://localhost', true],
  ['com.example.app:/callback', true],
  ['https.example.app:/callback', true],
])('whether %s reaches any program on the machine: %s', (uri, native) => {
  expect(isNativeRedirect(uri)).toBe(native)
})
