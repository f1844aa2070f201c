import request from 'supertest'
import { confidentialClient } from '../helpers/fixtures.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

/** What callers may write about themselves, and proxies about callers. */
const FORGED = {
  host: 'evil.example',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'http',
  'x-forwarded-port': '81',
  'x-forwarded-prefix': '/evil',
  'x-forwarded-for': '203.0.113.66',
  'x-real-ip': '203.0.113.66',
  'x-original-url': '/healthz',
  forwarded: 'for=203.0.113.66;host=evil.example;proto=http',
}
const METADATA = '/.well-known/oauth-authorization-server'
const PEER = '127.0.0.1'

const servers: TestServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})
const open = async (TRUST_PROXY: string | undefined, ISSUER = 'https://auth.example.com/tenant') => {
  const server = await testServer({ env: { TRUST_PROXY, ISSUER } })
  servers.push(server)
  return server
}

/** The network that failures of this caller are counted under, by the audit event of the wait that they end in. */
async function networkOf(server: TestServer, headers: Record<string, string>): Promise<unknown> {
  for (let times = 0; times < 5; times++) {
    await request(server.app)
      .post('/tenant/oauth/token')
      .set(headers)
      .type('form')
      .auth(confidentialClient.client_id, 'a-wrong-secret-of-more-than-32-characters')
      .send({ grant_type: 'refresh_token', refresh_token: 'none' })
      .expect(401)
  }
  return server.events().find(({ audit }) => audit === 'client.guessing')?.network
}

describe.each([undefined, 'true', '1', 'loopback'])('with TRUST_PROXY=%s forged headers change', (trustProxy) => {
  it('no document', async () => {
    const server = await open(trustProxy)
    for (const path of [
      `${METADATA}/tenant`,
      '/tenant/.well-known/openid-configuration',
      '/tenant/.well-known/jwks.json',
    ]) {
      const honest = await request(server.app).get(path).expect(200)
      const forged = await request(server.app).get(path).set(FORGED).expect(200)
      expect(forged.text).toBe(honest.text)
      expect(forged.text).not.toContain('evil')
    }
  })

  it('neither where a browser is sent nor how its cookies are kept', async () => {
    const server = await open(trustProxy)
    const answer = await request(server.app)
      .get(`/tenant/oauth/authorize?${server.request().query()}`)
      .set(FORGED)
      .expect(302)
    expect(answer.headers.location).toMatch(/^\/tenant\/interaction\/[A-Za-z0-9_-]{22}\?client_id=app$/)
    const cookie = String(answer.headers['set-cookie'])
    expect(cookie).toContain('; Secure')
    expect(cookie).not.toContain('evil')
    expect(answer.headers['strict-transport-security']).toBeDefined()
  })

  it('no refusal of another path, method or client', async () => {
    const server = await open(trustProxy)
    await request(server.app).get('/tenant/none').set(FORGED).expect(404)
    await request(server.app)
      .get('/tenant/oauth/token')
      .set({ ...FORGED, 'x-http-method-override': 'POST' })
      .expect(405)
  })
})

it('an issuer on plain http does not become secure by a header', async () => {
  const server = await open('true', 'http://localhost:3000')
  const answer = await request(server.app)
    .get(`/oauth/authorize?${server.request().query()}`)
    .set({ 'x-forwarded-proto': 'https', forwarded: 'proto=https' })
    .expect(302)
  expect(String(answer.headers['set-cookie'])).not.toContain('Secure')
  expect(answer.headers['strict-transport-security']).toBeUndefined()
})

describe('the caller, by which failures are counted,', () => {
  it('is the peer where nobody is trusted, whatever headers say', async () => {
    expect(await networkOf(await open(undefined), FORGED)).toBe(PEER)
    expect(await networkOf(await open('false'), FORGED)).toBe(PEER)
  })

  it('is the peer where another proxy than the peer is trusted', async () => {
    expect(await networkOf(await open('10.0.0.1'), { 'x-forwarded-for': '203.0.113.66' })).toBe(PEER)
  })

  it.each([
    ['loopback', '203.0.113.66, 198.51.100.7', '198.51.100.7'],
    ['loopback', '203.0.113.66, 198.51.100.7, 10.1.2.3', '10.1.2.3'],
    ['loopback, 10.0.0.0/8', '203.0.113.66, 198.51.100.7, 10.1.2.3', '198.51.100.7'],
    ['127.0.0.1,10.1.2.3', '203.0.113.66, 10.1.2.4, 10.1.2.3', '10.1.2.4'],
  ])('is the first from the right that is not in TRUST_PROXY=%s of %s', async (trustProxy, chain, network) => {
    expect(await networkOf(await open(trustProxy), { 'x-forwarded-for': chain })).toBe(network)
  })

  it('comes from X-Forwarded-For alone where a proxy is trusted', async () => {
    const { 'x-forwarded-for': _, ...others } = FORGED
    expect(await networkOf(await open('loopback'), others)).toBe(PEER)
  })
})
