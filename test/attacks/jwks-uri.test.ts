import type { RequestListener } from 'node:http'
import { authenticateClient } from '../../src/client-auth/authenticate-client.ts'
import { createClientKeys } from '../../src/clients/client-keys.ts'
import { createSafeFetch } from '../../src/lib/safe-fetch.ts'
import { type ClientKey, JWT_BEARER, makeClientKey, signAssertion } from '../helpers/client-key.ts'
import { type DocumentServer, documentServer } from '../helpers/document-server.ts'
import { publicClient } from '../helpers/fixtures.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

type FetchOptions = Partial<Parameters<typeof createSafeFetch>[0]>

describe('attacks through a jwks_uri (SSRF, CVE-2020-10770)', () => {
  let key: ClientKey
  let inner: DocumentServer
  let server: TestServer
  beforeAll(async () => {
    key = await makeClientKey()
  })
  beforeEach(async () => {
    inner = await documentServer()
    inner.serve({ keys: [key.jwk] })
  })
  afterEach(async () => {
    await inner.close()
    await server.close()
  })

  const open = async (jwks_uri: string) => {
    const partner = { ...publicClient, client_id: 'partner', token_endpoint_auth_method: 'private_key_jwt', jwks_uri }
    server = await testServer({ clients: [partner], users: [] })
  }

  const seconds = () => Math.floor(server.clock.now() / 1000)

  /** The reason for which the client with that jwks_uri is not believed; its assertion is sound. */
  const refusal = async (jwks_uri: string, options: FetchOptions = {}): Promise<unknown> => {
    await open(jwks_uri)
    const fetchJson = createSafeFetch({ allowLoopback: false, ...options })
    const clientKeys = createClientKeys({ fetchJson, clock: server.clock })
    const params = {
      client_assertion: await signAssertion('partner', key, { now: seconds() }),
      client_assertion_type: JWT_BEARER,
    }
    const credentials = { authorization: undefined, address: undefined, params }
    return authenticateClient(credentials, { ...server.deps.clientAuth, clientKeys }).then(
      () => 'believed',
      (error: { status: number; cause: string; detail: { reason: string } }) => {
        expect(error.status).toBe(401)
        expect(error.cause).toBe('jwks-uri-unreachable')
        return error.detail.reason
      },
    )
  }

  it('(a sound key set is fetched and believed)', async () => {
    expect(await refusal(inner.url, { allowLoopback: true })).toBe('believed')
    expect(inner.requests).toHaveLength(1)
  })

  it('The partner’s key server redirects into our network: the redirect is not followed', async () => {
    const outer = await documentServer()
    outer.answer((_req, res) => void res.writeHead(302, { Location: inner.url }).end())
    expect(await refusal(outer.url, { allowLoopback: true })).toBe('it answers 302, not 200')
    expect(inner.requests).toHaveLength(0)
    await outer.close()
  })

  it.each([
    ['this machine', '127.0.0.1'],
    ['this machine, mapped into IPv6', '::ffff:127.0.0.1'],
    ['the cloud’s metadata', '169.254.169.254'],
    ['a private network', '10.1.2.3'],
    ['a private IPv6 network', 'fd00::1'],
  ])('The partner’s name server says that their host is %s', async (_what, address) => {
    const resolve = async () => [{ address, family: address.includes(':') ? 6 : 4 }]
    expect(await refusal(`https://keys.partner.example:${inner.port}/jwks`, { resolve })).toBe(
      `it leads to ${address}, which is not public`,
    )
    expect(inner.requests).toHaveLength(0)
  })

  it.each([
    'https://10.0.0.1/',
    'https://167772161/',
    'https://0xa.1/',
    'https://[::ffff:127.0.0.1]/',
    'https://[fd00::1]/',
  ])('The partner registers an address of ours as %s: the configuration is refused', async (jwks_uri) => {
    await open('https://keys.partner.example/jwks')
    await expect(testServer({ clients: [{ ...publicClient, jwks_uri }] })).rejects.toMatchObject({
      problems: [expect.stringMatching(/^CLIENTS\[0\] \(client "app"\): jwks_uri must /)],
    })
  })

  it.each<[string, RequestListener, string]>([
    ['floods us', (_req, res) => void res.end('x'.repeat(70_000)), 'it is larger than 65536 bytes'],
    ['never answers', () => undefined, 'nothing within 200 ms'],
    ['never ends', (_req, res) => void res.write('{"keys":['), 'nothing within 200 ms'],
    ['sends a page', (_req, res) => void res.end('<html>'), 'it is not JSON'],
    ['sends a list', (_req, res) => void res.end('[]'), 'it is not a JSON object'],
    ['sends another document', (_req, res) => void res.end('{"issuer":"x"}'), 'it is not a JWKS'],
    ['hangs up', (req) => void req.socket.destroy(), 'ECONNRESET'],
    ['fails', (_req, res) => void res.writeHead(503).end(), 'it answers 503, not 200'],
  ])(
    'The partner’s key server %s: their client is refused, and nothing else happens',
    async (_what, listener, reason) => {
      inner.answer(listener)
      // Short only where nothing is to come: a busy machine takes its time for the others.
      const patience = reason.startsWith('nothing') ? { timeout: 200 } : {}
      expect(await refusal(inner.url, { allowLoopback: true, ...patience })).toBe(reason)
    },
  )

  it('On the wire that is a 401 in the words of every refusal, never a 500; the reason is in the log', async () => {
    inner.answer((_req, res) => void res.end('<html>'))
    await open(inner.url)
    const answer = await server.token({
      grant_type: 'refresh_token',
      refresh_token: 'none',
      client_assertion: await signAssertion('partner', key, { now: seconds() }),
      client_assertion_type: JWT_BEARER,
    })
    expect(answer.status).toBe(401)
    expect(answer.body).toEqual({ error: 'invalid_client', error_description: 'client authentication failed' })
    expect(server.logs()).toContainEqual(
      expect.objectContaining({ cause: 'jwks-uri-unreachable', client_id: 'partner', reason: 'it is not JSON' }),
    )
  })

  it('A stranger who makes up kids does not turn us against the partner’s key server', async () => {
    await open(inner.url)
    const strangers = await makeClientKey('ES256', 'made-up')
    const attempts = Array.from({ length: 20 }, async (_value, index) =>
      server.token({
        grant_type: 'refresh_token',
        refresh_token: 'none',
        client_assertion: await signAssertion('partner', strangers, {
          now: seconds(),
          header: { kid: `made-up-${index}` },
        }),
        client_assertion_type: JWT_BEARER,
      }),
    )
    for (const { status } of await Promise.all(attempts)) expect(status).not.toBe(200)
    expect(inner.requests).toHaveLength(1)
  })
})
