import request from 'supertest'
import { type TestServer, testServer } from '../helpers/server.ts'

const given = 'from-the-proxy.42'

describe('the id of a request', () => {
  let server: TestServer
  afterEach(() => server.close())

  it('is in the answer and in every line of the log that was written for it', async () => {
    server = await testServer()
    const wanted = server.request()
    const code = await server.code(wanted)
    const before = server.logs().length
    const { headers } = await server.token(wanted.redeem(code))
    const lines = server.logs().slice(before)
    expect(headers['x-request-id']).toMatch(/^[0-9a-f]{12}$/)
    expect(lines.map(({ audit }) => audit)).toEqual(['code.redeemed', 'access_token.issued'])
    expect(lines.map(({ request_id }) => request_id)).toEqual(lines.map(() => headers['x-request-id']))
  })

  it('is another one for each, also of requests at the same time', async () => {
    server = await testServer({ store: 'redis' })
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((refresh_token) =>
        server.token({ grant_type: 'refresh_token', client_id: 'app', refresh_token }),
      ),
    )
    const ids = answers.map(({ headers }) => headers['x-request-id'])
    expect(new Set(ids).size).toBe(3)
    for (const { headers } of answers) {
      const line = server.logs().find(({ error_id }) => error_id === headers['latchkey-error-id'])
      expect(line?.request_id).toBe(headers['x-request-id'])
    }
  })

  it.each(['/nothing/here', '/%E0%A4%A'])('is there where there is no route: %s', async (path) => {
    server = await testServer()
    const { headers } = await request(server.app).get(path)
    expect(server.logs().at(-1)?.request_id).toBe(headers['x-request-id'])
  })

  it('of a caller who is no proxy of ours is not taken over', async () => {
    server = await testServer()
    const { headers } = await request(server.app).get('/healthz').set('X-Request-Id', given)
    expect(headers['x-request-id']).toMatch(/^[0-9a-f]{12}$/)
  })

  it('of a proxy that TRUST_PROXY names is taken over', async () => {
    server = await testServer({ env: { TRUST_PROXY: 'loopback' } })
    const answer = await server.token({}, { 'X-Request-Id': given })
    expect(answer.headers['x-request-id']).toBe(given)
    expect(server.logs().at(-1)?.request_id).toBe(given)
  })

  it.each(['', 'x'.repeat(65), 'two words', '"quoted"', 'a/b', 'a,b'])(
    'that is not fit for a log is not taken over from a proxy either: %j',
    async (id) => {
      server = await testServer({ env: { TRUST_PROXY: 'loopback' } })
      const { headers } = await request(server.app).get('/healthz').set('X-Request-Id', id)
      expect(headers['x-request-id']).toMatch(/^[0-9a-f]{12}$/)
    },
  )
})

describe('the line of a request', () => {
  it('is written at level debug: what came to which route, how it ended, for whom; nothing of query or body', async () => {
    const server = await testServer({ env: { LOG_LEVEL: 'debug' } })
    const { headers } = await server.token({ grant_type: 'refresh_token', client_id: 'app', refresh_token: 'zq8wkx3v' })
    await request(server.app).get('/oauth/authorize?client_id=zq8wkx3v')
    const lines = server.logs().filter(({ msg }) => msg === 'answered')
    expect(lines).toEqual([
      {
        level: 'debug',
        time: expect.any(String),
        msg: 'answered',
        request_id: headers['x-request-id'],
        endpoint: '/oauth/token',
        method: 'POST',
        status: 400,
        outcome: 'refused',
        ms: expect.any(Number),
        client_id: 'app',
      },
      expect.objectContaining({ endpoint: '/oauth/authorize', method: 'GET', status: 400 }),
    ])
    expect(JSON.stringify(lines)).not.toContain('zq8wkx3v')
    await server.close()
  })

  it('is not written at level info', async () => {
    const server = await testServer()
    await request(server.app).get('/healthz')
    expect(server.logs()).toEqual([])
    await server.close()
  })
})
