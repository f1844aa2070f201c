import request from 'supertest'
import { CLIENT_SECRET } from '../helpers/fixtures.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

const FORM = 'application/x-www-form-urlencoded'

describe('refusals of the token endpoint', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await testServer()
  })
  afterAll(() => server.close())

  const post = (body: string | object, type = FORM) =>
    request(server.app).post('/oauth/token').set('Content-Type', type).send(body)

  const expectError = (answer: request.Response, status: number, error: string) => {
    expect(answer.status).toBe(status)
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.headers['latchkey-error-id']).toMatch(/^[0-9a-f]{12}$/)
    expect(answer.body).toEqual({ error, error_description: expect.stringMatching(/^[\x20-\x7e]+$/) })
  }

  it('names every parameter that a sample without grant_type and client_id lacks', async () => {
    const answer = await post('authorization_code=x&code_verifier=y')
    expectError(answer, 400, 'invalid_request')
    expect(answer.body.error_description).toBe('missing parameters: grant_type, client_id, code')
  })

  it.each([
    ['nothing at all', '', 400, 'invalid_request'],
    ['the password grant', 'grant_type=password&client_id=app&username=a&password=b', 400, 'unsupported_grant_type'],
    ['a repeated parameter', 'grant_type=refresh_token&grant_type=refresh_token', 400, 'invalid_request'],
    ['broken percent-encoding', 'grant_type=%', 400, 'invalid_request'],
    ['bytes that are not UTF-8', 'grant_type=%c3%28', 400, 'invalid_request'],
    ['a NUL byte', 'grant_type=refresh_token%00', 400, 'invalid_request'],
    ['hundreds of parameters', Array.from({ length: 500 }, (_, i) => `a${i}=1`).join('&'), 400, 'invalid_request'],
    ['a prototype as parameter', '__proto__=x&grant_type=__proto__', 400, 'unsupported_grant_type'],
    ['an unknown client', 'grant_type=refresh_token&client_id=x&refresh_token=y', 401, 'invalid_client'],
    [
      'a client without its secret',
      'grant_type=refresh_token&client_id=backend&refresh_token=y',
      401,
      'invalid_client',
    ],
    ['a body over 64 KB', `grant_type=${'x'.repeat(65_536)}`, 413, 'invalid_request'],
  ])('%s', async (_what, body, status, error) => expectError(await post(body), status, error))

  it.each(['application/json', 'multipart/form-data; boundary=x', 'text/plain'])('a body of type %s', async (type) => {
    const answer = await post('{"grant_type":"refresh_token"}', type)
    expectError(answer, 400, 'invalid_request')
    expect(answer.body.error_description).toContain('application/x-www-form-urlencoded')
  })

  it('a grant type the client is not registered for', async () => {
    expectError(await post('grant_type=refresh_token&client_id=brief&refresh_token=x'), 400, 'unauthorized_client')
  })

  it('a wrong secret in the header: 401 with a challenge (RFC 6749 §5.2)', async () => {
    const basic = `Basic ${Buffer.from('backend:wrong').toString('base64')}`
    const answer = await post('grant_type=refresh_token&refresh_token=x').set('Authorization', basic)
    expectError(answer, 401, 'invalid_client')
    expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=/)
  })

  it('a secret by two roads at once (RFC 6749 §2.3)', async () => {
    const basic = `Basic ${Buffer.from(`backend:${CLIENT_SECRET}`).toString('base64')}`
    const answer = await post(`grant_type=refresh_token&refresh_token=x&client_secret=${CLIENT_SECRET}`).set(
      'Authorization',
      basic,
    )
    expectError(answer, 400, 'invalid_request')
  })

  it('takes an empty parameter for an absent one, as passport-oauth2 sends client_secret=', async () => {
    const wanted = server.request()
    const answer = await server.token({ ...wanted.redeem(await server.code(wanted)), client_secret: '' })
    expect(answer.status).toBe(200)
  })

  it('takes a form with a charset, and needs no Accept header', async () => {
    const wanted = server.request()
    const form = new URLSearchParams(wanted.redeem(await server.code(wanted))).toString()
    expect((await post(form, `${FORM};charset=UTF-8`).set('Accept', 'text/html')).body.token_type).toBe('Bearer')
  })

  it.each(['get', 'put', 'head'] as const)('answers %s with 405', async (method) => {
    const answer = await request(server.app)[method]('/oauth/token?grant_type=refresh_token')
    expect(answer.status).toBe(405)
    expect(answer.headers.allow).toBe('POST')
  })

  it('lets pages of the clients read answers and errors, and no others (CORS)', async () => {
    const known = await post('').set('Origin', 'https://app.example')
    expect(known.headers['access-control-allow-origin']).toBe('https://app.example')
    expect(known.headers['access-control-expose-headers']).toContain('Latchkey-Error-Id')
    expect(known.headers.vary).toContain('Origin')
    const stranger = await post('').set('Origin', 'https://evil.example')
    expect(stranger.headers['access-control-allow-origin']).toBeUndefined()
    expect(stranger.headers.vary).toContain('Origin')

    const preflight = await request(server.app)
      .options('/oauth/token')
      .set({ Origin: 'https://app.example', 'Access-Control-Request-Method': 'POST' })
    expect(preflight.status).toBe(204)
    expect(preflight.headers['access-control-allow-headers']).toContain('authorization')
    expect(preflight.headers['access-control-allow-credentials']).toBeUndefined()
  })
})
