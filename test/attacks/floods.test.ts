import request from 'supertest'
import { CLIENT_SECRET } from '../helpers/fixtures.ts'
import { createHttpClient } from '../helpers/http-client.ts'
import { type ListeningServer, listen } from '../helpers/listen.ts'
import { onBothStores } from '../helpers/server.ts'
import { addresses } from '../helpers/visitor.ts'

const HOME = '203.0.113.7'
const AT_ONCE = 1000

onBothStores('floods of requests', (store) => {
  let server: ListeningServer
  beforeEach(async () => {
    const limits = 'token-by-address=300/60,token-by-client=30/60'
    server = await listen({ store, env: { TRUST_PROXY: 'loopback', RATE_LIMITS: limits } })
  })
  afterEach(() => server.close())

  const post = (from: string, form: Record<string, string>, secret?: string) =>
    request(server.app)
      .post('/oauth/token')
      .set({
        'X-Forwarded-For': from,
        ...(secret === undefined ? {} : { Authorization: `Basic ${btoa(`backend:${secret}`)}` }),
      })
      .type('form')
      .send({ grant_type: 'refresh_token', refresh_token: 'x', ...form })

  const asApp = (from: string) => post(from, { client_id: 'app' })
  const asBackend = (from: string) => post(from, {}, CLIENT_SECRET)

  it('A thousand requests come at once from one address: as many are answered as its limit, and nobody else waits', async () => {
    const flood = createHttpClient(200)
    const form = { grant_type: 'refresh_token', refresh_token: 'x', client_id: 'app' }
    const answers = Array.from({ length: AT_ONCE }, () => flood.post(`${server.issuer}/oauth/token`, form))
    const seen = (await Promise.all(answers)).map(({ status }) => status)
    flood.close()
    expect(seen.filter((status) => status === 400)).toHaveLength(300)
    expect(seen.filter((status) => status === 429)).toHaveLength(AT_ONCE - 300)
    expect((await asApp(HOME)).status).toBe(400)
    expect((await asBackend(HOME)).status).toBe(400)
  })

  it('Strangers name a public client from fifty addresses to use up what it may do: its users go on', async () => {
    for (const from of addresses(50)) expect((await asApp(from)).status).toBe(400)
    expect((await asApp(HOME)).status).toBe(400)
  })

  it('Strangers name a confidential client with wrong secrets from fifty addresses: it goes on', async () => {
    for (const from of addresses(50)) expect((await post(from, {}, 'x'.repeat(40))).status).toBe(401)
    expect((await asBackend(HOME)).status).toBe(400)
  })
})
