import { matchRedirectUri, withParams } from '../../src/oauth/redirect-uri.ts'

describe('a web redirect URI', () => {
  const registered = [
    'https://app.example/callback',
    'https://app.example/callback?tenant=1',
    'https://app.example/%7Ea',
  ]

  it.each(registered)('%s matches itself', (uri) => {
    expect(matchRedirectUri(uri, registered)).toBe(uri)
  })

  it.each([
    ['https://app.example/Callback', 'the case of the path'],
    ['https://APP.example/callback', 'the case of the host'],
    ['HTTPS://app.example/callback', 'the case of the scheme'],
    ['https://app.example/callback/', 'a slash at the end'],
    ['https://app.example/callback?', 'an empty query'],
    ['https://app.example/callback?tenant=2', 'another query'],
    ['https://app.example/callback?tenant=1&x=2', 'a longer query'],
    ['https://app.example/callback#', 'a fragment'],
    ['https://app.example/callback#x', 'a fragment with text'],
    ['https://app.example/callback/x', 'a longer path'],
    ['https://app.example/callback/../evil', 'dot segments'],
    ['https://app.example/./callback', 'a dot segment that leads to the same place'],
    ['https://app.example/callback%2f', 'an encoded slash'],
    ['https://app.example/%63allback', 'an encoding that means the same'],
    ['https://app.example/~a', 'a decoding that means the same'],
    ['https://app.example:443/callback', 'the default port'],
    ['https://app.example:8443/callback', 'another port'],
    ['https://app.example:/callback', 'an empty port'],
    ['https://app.example:0443/callback', 'the default port with a zero before it'],
    ['https:///app.example/callback', 'a third slash'],
    ['https://app%2eexample/callback', 'an encoding in the host'],
    ['https://app.example/..;/callback', 'a dot segment with a path parameter'],
    ['http://app.example/callback', 'another scheme'],
    ['https://app.example.evil.example/callback', 'a longer host'],
    ['https://evil.example/https://app.example/callback', 'the URI in the path of another'],
    ['https://user@app.example/callback', 'a user name'],
    ['https://app.example@evil.example/callback', 'the host as a user name'],
    ['https://app.example\\@evil.example/callback', 'a backslash'],
    ['https://app.example/callback\0', 'a NUL'],
    ['https://app.example/callback\n', 'a line end'],
    [' https://app.example/callback', 'a blank before it'],
    ['https://app.example', 'no path'],
    ['', 'nothing'],
  ])('does not match %j: %s (RFC 9700 §2.1, byte for byte)', (uri) => {
    expect(matchRedirectUri(uri, registered)).toBeUndefined()
  })

  it('matches nothing where nothing is registered', () => {
    expect(matchRedirectUri('https://app.example/callback', [])).toBeUndefined()
    expect(matchRedirectUri('http://127.0.0.1/callback', [])).toBeUndefined()
  })
})

describe.each([
  ['http://127.0.0.1', 'http://127.0.0.1/callback?x=1'],
  ['http://[::1]', 'http://[::1]/callback?x=1'],
  ['http://127.0.0.1', 'http://127.0.0.1:8080/callback?x=1'],
])('a loopback redirect URI of %s, registered as %s', (origin, registered) => {
  // With a web URI beside it: for the two addresses it makes no difference.
  const match = (uri: string) => matchRedirectUri(uri, ['https://app.example/callback', registered])

  it.each(['', ':1', ':80', ':8080', ':49152', ':65535'])('matches with the port %j (RFC 8252 §7.3)', (port) => {
    expect(match(`${origin}${port}/callback?x=1`)).toBe(registered)
  })

  it.each([
    ':0',
    ':00',
    ':08080',
    ':000080',
    ':65536',
    ':99999',
    ':100000',
    ':',
    ':-1',
    ':+80',
    ':8080a',
    ':80:80',
    ': 80',
    ':%38',
    ':٨',
  ])('does not match with %j, which is no port', (port) => {
    expect(match(`${origin}${port}/callback?x=1`)).toBeUndefined()
  })

  it.each([
    '/callback',
    '/callback?x=2',
    '/callback?x=1&y=2',
    '/callback?X=1',
    '/Callback?x=1',
    '/callback/?x=1',
    '/callback?x=1#y',
    '/callback?x=1\n',
    '//callback?x=1',
    '/other/../callback?x=1',
    '?x=1',
    '',
  ])('does not match with %j after the port: nothing else may vary', (rest) => {
    expect(match(`${origin}:8080${rest}`)).toBeUndefined()
  })
})

describe('a loopback redirect URI', () => {
  const registered = ['http://127.0.0.1/callback']

  it.each([
    ['http://127.0.0.1.evil.com/callback', 'a host that begins like the address'],
    ['http://127.0.0.1.evil.com:8080/callback', 'the same with a port'],
    ['http://127.0.0.1@evil.com/callback', 'the address as a user name'],
    ['http://127.0.0.1:80@evil.com/callback', 'address and port as user name and password'],
    ['http://localhost@evil/callback', 'localhost as a user name'],
    ['http://user@127.0.0.1:8080/callback', 'a user name'],
    ['http://127.0.0.1:8080\\@evil.com/callback', 'a backslash'],
    ['http://127.0.0.1:8080#@evil.com/callback', 'a fragment'],
    ['https://127.0.0.1:8080/callback', 'another scheme'],
    ['HTTP://127.0.0.1:8080/callback', 'the case of the scheme'],
    ['http://localhost:8080/callback', 'the name instead of the address'],
    ['http://[::1]:8080/callback', 'the other address'],
    ['http://127.1:8080/callback', 'a short spelling of the address'],
    ['http://2130706433:8080/callback', 'the address as a number'],
    ['http://127.0.0.2:8080/callback', 'a neighbouring address'],
    ['http://127.0.0.1/callback\nx', 'a line end'],
  ])('does not match %j: %s', (uri) => {
    expect(matchRedirectUri(uri, registered)).toBeUndefined()
  })

  it.each([
    ['http://127.0.0.1', 'http://127.0.0.1:8080/'],
    ['http://127.0.0.1/', 'http://127.0.0.1:8080'],
    ['http://[::1]/', 'http://[::1]:8080'],
    ['http://127.0.0.1?x=1', 'http://127.0.0.1:8080/?x=1'],
    ['http://127.0.0.1/?x=1', 'http://127.0.0.1:8080?x=1'],
  ])('%s matches %s: an empty path is the same request as a slash (RFC 9110 §4.2.3)', (known, wanted) => {
    expect(matchRedirectUri(wanted, [known])).toBe(known)
  })

  it('is found by its path where several are registered', () => {
    const several = ['http://127.0.0.1/a', 'http://127.0.0.1/b', 'http://[::1]/b']
    expect(matchRedirectUri('http://127.0.0.1:8080/b', several)).toBe('http://127.0.0.1/b')
    expect(matchRedirectUri('http://[::1]:8080/b', several)).toBe('http://[::1]/b')
  })
})

describe('localhost', () => {
  const localhost = 'http://localhost:3000/callback'
  const other = 'http://localhost:4000/callback'

  it.each([
    [[localhost]],
    [[localhost, 'http://127.0.0.1/callback']],
    [[localhost, 'com.example.app:/callback']],
    [['cursor://vendor.extension/callback', localhost]],
  ])('may vary its port for an installed app: %j (RFC 8252 §8.3)', (registered) => {
    expect(matchRedirectUri(other, registered)).toBe(localhost)
  })

  it.each([[[localhost, 'https://app.example/callback']], [['https://app.example/callback', localhost]]])(
    'may not vary its port for a client that has a web address as well: %j',
    (registered) => {
      expect(matchRedirectUri(other, registered)).toBeUndefined()
      expect(matchRedirectUri(localhost, registered)).toBe(localhost)
    },
  )

  it.each([
    'http://LOCALHOST:4000/callback',
    'http://localhost.evil.com:4000/callback',
    'http://localhost.:4000/callback',
    'http://localhost:0/callback',
    'http://localhost:04000/callback',
  ])('is not %s', (uri) => {
    expect(matchRedirectUri(uri, [localhost])).toBeUndefined()
  })
})

describe('a redirect URI with a private-use scheme', () => {
  const registered = ['com.example.app:/callback', 'cursor://vendor.extension/callback']

  it.each(registered)('%s matches itself', (uri) => {
    expect(matchRedirectUri(uri, registered)).toBe(uri)
  })

  it.each([
    'com.example.app:///callback',
    'com.example.app://callback',
    'com.example.app:/callback/',
    'com.example.app:callback',
    'com.example.App:/callback',
    'cursor://vendor.extension:8080/callback',
    'cursor://Vendor.extension/callback',
    'cursor:/callback',
  ])('does not match %s (RFC 8252 §7.1, byte for byte)', (uri) => {
    expect(matchRedirectUri(uri, registered)).toBeUndefined()
  })
})

describe('withParams', () => {
  it.each([
    ['https://app.example/cb', 'https://app.example/cb?code=x'],
    ['https://app.example', 'https://app.example?code=x'],
    ['https://app.example/cb?', 'https://app.example/cb?code=x'],
    ['https://app.example/cb?a=1', 'https://app.example/cb?a=1&code=x'],
    ['https://app.example/cb?a=1&', 'https://app.example/cb?a=1&code=x'],
    ['https://app.example/cb?a=%7e+b', 'https://app.example/cb?a=%7e+b&code=x'],
    ['https://app.example/%7Ea?code=own', 'https://app.example/%7Ea?code=own&code=x'],
    ['com.example.app:/cb', 'com.example.app:/cb?code=x'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080?code=x'],
  ])('adds to %s and leaves its own bytes as they are: %s (RFC 6749 §3.1.2)', (uri, expected) => {
    expect(withParams(uri, { code: 'x' })).toBe(expected)
  })

  it('leaves out what is undefined and keeps what is empty', () => {
    expect(withParams('https://app.example/cb', { code: 'x', state: undefined, iss: '' })).toBe(
      'https://app.example/cb?code=x&iss=',
    )
  })

  it('spells a space as %20, since many clients do not turn a plus sign back', () => {
    expect(withParams('https://app.example/cb', { error_description: 'not now' })).toBe(
      'https://app.example/cb?error_description=not%20now',
    )
  })

  it.each(['a b', 'a+b', '%20', '=&?#/', 'é🔑', '"\'<>\\', '\r\n\t', 'x&code=y'])(
    'brings %j back as it was, under either reading of a query',
    (state) => {
      const uri = withParams('https://app.example/cb?a=1', { state })
      expect([...new URL(uri).searchParams]).toEqual([
        ['a', '1'],
        ['state', state],
      ])
      expect(decodeURIComponent(uri.slice(uri.indexOf('state=') + 6))).toBe(state)
    },
  )
})
