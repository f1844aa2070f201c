import { createSafeFetch } from '../../src/lib/safe-fetch.ts'
import { makeCertificate } from '../helpers/certificate.ts'
import { type DocumentServer, documentServer } from '../helpers/document-server.ts'

/** A name server that gives these addresses. */
const giving =
  (...addresses: string[]) =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

const nobodyAsks = async () => {
  throw new Error('no name was to be resolved')
}

describe('safe fetch: where it may go', () => {
  const fetchJson = createSafeFetch({ allowLoopback: false, resolve: nobodyAsks })

  it.each([
    'http://keys.example/jwks',
    'ftp://keys.example/jwks',
    'file:///etc/passwd',
    'data:application/json,{}',
    'javascript:1',
    'http://localhost/jwks',
    'jwks',
    '//keys.example/jwks',
    'https://user:password@keys.example/jwks',
    'https://user@keys.example/jwks',
  ])('refuses %s before anything is asked', async (url) => {
    await expect(fetchJson(url)).rejects.toMatchObject({ name: 'FetchRefused' })
  })

  it.each([
    ['https://10.0.0.1/jwks', '10.0.0.1'],
    ['https://169.254.169.254/latest/meta-data/', '169.254.169.254'],
    ['https://127.0.0.1/jwks', '127.0.0.1'],
    ['https://127.1/jwks', '127.0.0.1'],
    ['https://2130706433/jwks', '127.0.0.1'],
    ['https://0x7f000001/jwks', '127.0.0.1'],
    ['https://0177.0.0.1/jwks', '127.0.0.1'],
    ['https://0/jwks', '0.0.0.0'],
    ['https://１２７.0.0.1/jwks', '127.0.0.1'],
    ['https://127.0.0.1./jwks', '127.0.0.1'],
    ['https://[::1]/jwks', '::1'],
    ['https://[::]/jwks', '::'],
    ['https://[::ffff:127.0.0.1]/jwks', '::ffff:7f00:1'],
    ['https://[::ffff:a00:1]/jwks', '::ffff:a00:1'],
    ['https://[::127.0.0.1]/jwks', '::7f00:1'],
    ['https://[fe80::1]/jwks', 'fe80::1'],
    ['https://[fd00:ec2::254]/jwks', 'fd00:ec2::254'],
    ['https://[64:ff9b::10.0.0.1]/jwks', '64:ff9b::a00:1'],
    ['https://[2002:a00:1::]/jwks', '2002:a00:1::'],
  ])('refuses %s, an address of ours however it is spelled', async (url, address) => {
    await expect(fetchJson(url)).rejects.toThrow(`it leads to ${address}, which is not public`)
  })

  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback, mapped', '::ffff:127.0.0.1'],
    ['private', '192.168.0.10'],
    ['link-local with its zone', 'fe80::1%eth0'],
  ])('refuses a name whose address is %s', async (_what, address) => {
    const refuse = createSafeFetch({ allowLoopback: false, resolve: giving(address) })
    await expect(refuse('https://keys.example/jwks')).rejects.toThrow('which is not public')
  })

  it('refuses a name with one bad address among good ones', async () => {
    const refuse = createSafeFetch({ allowLoopback: false, resolve: giving('8.8.8.8', '2606:4700::1', '10.0.0.1') })
    await expect(refuse('https://keys.example/jwks')).rejects.toThrow('it leads to 10.0.0.1')
  })

  it('refuses a name without addresses, and one that does not exist', async () => {
    const empty = createSafeFetch({ allowLoopback: false, resolve: giving() })
    await expect(empty('https://keys.example/jwks')).rejects.toThrow('its name has no address')
    const unknown = createSafeFetch({
      allowLoopback: false,
      resolve: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })),
    })
    await expect(unknown('https://keys.example/jwks')).rejects.toThrow('ENOTFOUND')
  })

  it('does not let development’s loopback be more than loopback', async () => {
    const develop = createSafeFetch({ allowLoopback: true, resolve: giving('10.0.0.1') })
    await expect(develop('http://localhost:1/jwks')).rejects.toThrow('it leads to 10.0.0.1')
    await expect(develop('http://keys.example/jwks')).rejects.toThrow('it is not https')
    await expect(develop('https://keys.example/jwks')).rejects.toThrow('it leads to 10.0.0.1')
    const renamed = createSafeFetch({ allowLoopback: true, resolve: giving('127.0.0.1') })
    await expect(renamed('https://keys.example/jwks')).rejects.toThrow('it leads to 127.0.0.1')
  })
})

describe('safe fetch: what it takes', () => {
  let server: DocumentServer
  beforeEach(async () => {
    server = await documentServer()
  })
  afterEach(() => server.close())
  const fetchJson = createSafeFetch({ allowLoopback: true, timeout: 60_000, largest: 1000 })

  it('a JSON object, asked for plainly', async () => {
    server.serve({ keys: [] })
    expect(await fetchJson(server.url)).toEqual({ keys: [] })
    const [request] = server.requests
    expect(request?.url).toBe('/jwks')
    expect(request?.headers).toEqual({
      host: `127.0.0.1:${server.port}`,
      accept: 'application/json',
      'accept-encoding': 'identity',
      connection: 'close',
    })
  })

  it.each([301, 302, 303, 307, 308])('no redirect by %d, wherever it leads', async (status) => {
    server.answer((req, res) => {
      if (req.url === '/elsewhere') res.end('{}')
      else res.writeHead(status, { Location: '/elsewhere' }).end('{}')
    })
    await expect(fetchJson(server.url)).rejects.toThrow(`it answers ${status}, not 200`)
    expect(server.requests).toHaveLength(1)
  })

  it.each([204, 206, 304, 404, 500])('no answer of status %d', async (status) => {
    server.answer((_req, res) => void res.writeHead(status).end())
    await expect(fetchJson(server.url)).rejects.toThrow(`it answers ${status}`)
  })

  it.each([
    ['nothing', ''],
    ['a page', '<!doctype html>'],
    ['half an object', '{"keys":['],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ])('not %s', async (_what, body) => {
    server.answer((_req, res) => void res.end(body))
    await expect(fetchJson(server.url)).rejects.toThrow('it is not JSON')
  })

  it.each(['[]', 'null', '"text"', '1'])('not the JSON value %s', async (body) => {
    server.answer((_req, res) => void res.end(body))
    await expect(fetchJson(server.url)).rejects.toThrow('it is not a JSON object')
  })

  it('nothing over the limit, whatever the length that was promised', async () => {
    const keys = ['x'.repeat(2000)]
    server.serve({ keys })
    await expect(fetchJson(server.url)).rejects.toThrow('it is larger than 1000 bytes')
    server.answer((_req, res) => {
      res.write('{"keys":["')
      const flood = setInterval(() => res.write('x'.repeat(400)), 1)
      res.on('close', () => clearInterval(flood))
    })
    await expect(fetchJson(server.url)).rejects.toThrow('it is larger than 1000 bytes')
  })

  it('nothing that takes too long: a slow answer, a body that drips', async () => {
    const hurried = createSafeFetch({ allowLoopback: true, timeout: 500, largest: 100_000 })
    server.answer(() => undefined)
    await expect(hurried(server.url)).rejects.toThrow('nothing within 500 ms')
    server.answer((_req, res) => {
      const drip = setInterval(() => res.write(' '), 50)
      res.on('close', () => clearInterval(drip))
    })
    await expect(hurried(server.url)).rejects.toThrow('nothing within 500 ms')
  })

  it('nothing that takes too long: a name server that never answers', async () => {
    const patient = createSafeFetch({ allowLoopback: false, timeout: 50, resolve: () => new Promise(() => undefined) })
    await expect(patient('https://keys.example/jwks')).rejects.toThrow('nothing within 50 ms')
  })

  it('nothing that breaks off or refuses the connection', async () => {
    server.answer((req, res) => {
      res.writeHead(200, { 'Content-Length': '100' }).write('{"a":')
      req.socket.end()
    })
    await expect(fetchJson(server.url)).rejects.toMatchObject({ name: 'FetchRefused' })
    const closed = await documentServer()
    await closed.close()
    await expect(fetchJson(closed.url)).rejects.toThrow('ECONNREFUSED')
  })
})

describe('safe fetch: over TLS', () => {
  const certificate = makeCertificate('keys.example')
  let server: DocumentServer
  beforeEach(async () => {
    server = await documentServer(certificate)
    server.serve({ keys: [] })
  })
  afterEach(() => server.close())

  it('connects to the address that was judged: the name server’s second answer changes nothing (DNS rebinding)', async () => {
    const answers = ['127.0.0.1', '10.0.0.1']
    let asked = 0
    const fetchJson = createSafeFetch({
      allowLoopback: false,
      ca: certificate.cert,
      isAllowed: (address) => address === '127.0.0.1',
      resolve: async () => [{ address: answers[asked++] as string, family: 4 }],
    })
    expect(await fetchJson(`https://keys.example:${server.port}/jwks`)).toEqual({ keys: [] })
    expect(asked).toBe(1)
    expect(server.requests[0]?.headers.host).toBe(`keys.example:${server.port}`)
  })

  it('asks for the certificate of the name and not of the address', async () => {
    const options = { allowLoopback: false, isAllowed: () => true, resolve: giving('127.0.0.1') }
    const trusting = createSafeFetch({ ...options, ca: certificate.cert })
    await expect(trusting(`https://other.example:${server.port}/jwks`)).rejects.toThrow('ERR_TLS_CERT_ALTNAME_INVALID')
    const usual = createSafeFetch(options)
    await expect(usual(`https://keys.example:${server.port}/jwks`)).rejects.toThrow('DEPTH_ZERO_SELF_SIGNED_CERT')
    expect(server.requests).toHaveLength(0)
  })
})
