import request from 'supertest'
import { makeProofKey, type ProofKey, signProof } from '../helpers/dpop.ts'
import { publicClient } from '../helpers/fixtures.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

const PATH = '/oauth/userinfo'
const ALGORITHMS = 'algs="ES256 EdDSA Ed25519 RS256 PS256"'

describe('how a protected request carries its access token (RFC 6750 §2, RFC 9449 §7)', () => {
  let server: TestServer
  let key: ProofKey
  let bearer: string
  let bound: string
  beforeAll(async () => {
    server = await testServer({
      clients: [{ ...publicClient, scope: 'openid' }],
      env: { ISSUER: 'http://localhost:3000' },
    })
    key = await makeProofKey('Ed25519')
    bearer = await token({})
    bound = await token({ DPoP: await signProof(key, { now: server.clock.now() }) })
  })
  afterAll(() => server.close())

  const token = async (headers: Record<string, string>) => {
    const wanted = server.request({ scope: 'openid' })
    return (await server.token(wanted.redeem(await server.code(wanted)), headers)).body.access_token as string
  }
  const prove = (accessToken: string, claims: Record<string, unknown> = {}) =>
    signProof(key, {
      now: server.clock.now(),
      accessToken,
      claims: { htm: 'GET', htu: `http://localhost:3000${PATH}`, ...claims },
    })
  const get = (headers: Record<string, string>) => request(server.app).get(PATH).set(headers)
  const post = (form: object, headers: Record<string, string> = {}) =>
    request(server.app).post(PATH).set(headers).type('form').send(form)

  it.each(['Bearer', 'bearer', 'BEARER'])('takes a bearer token by the scheme %s', async (scheme) => {
    const answer = await get({ Authorization: `${scheme} ${bearer}` })
    expect(answer.status).toBe(200)
    expect(answer.body.sub).toBe('user-alice')
  })

  it('takes a bearer token in a form (RFC 6750 §2.2)', async () => {
    expect((await post({ access_token: bearer })).body.sub).toBe('user-alice')
  })

  it('takes a bound token with its proof, by GET and by POST', async () => {
    for (const scheme of ['DPoP', 'dpop']) {
      const got = await get({ Authorization: `${scheme} ${bound}`, DPoP: await prove(bound) })
      expect(got.body.sub).toBe('user-alice')
    }
    const DPoP = await prove(bound, { htm: 'POST' })
    const posted = await request(server.app)
      .post(PATH)
      .set({ Authorization: `DPoP ${bound}`, DPoP })
    expect(posted.body.sub).toBe('user-alice')
    const other = await get({ Authorization: `DPoP ${bound}`, DPoP: await prove(bound, { htm: 'POST' }) })
    expect(other.status).toBe(401)
  })

  it('tells who comes without a token how to send one, and of no error (RFC 6750 §3.1)', async () => {
    for (const answer of [await get({}), await get({ Authorization: 'Basic eDp5' }), await post({})]) {
      expect(answer.status).toBe(401)
      expect(answer.headers['www-authenticate']).toBe(`Bearer realm="latchkey", DPoP ${ALGORITHMS}`)
    }
  })

  it('never looks for a token in the query, which logs keep', async () => {
    expect((await request(server.app).get(`${PATH}?access_token=${bearer}`)).status).toBe(401)
  })

  it('refuses a token that comes in two ways at once (RFC 6750 §2)', async () => {
    for (const scheme of ['Bearer', 'DPoP']) {
      const answer = await post({ access_token: bearer }, { Authorization: `${scheme} ${bearer}` })
      expect(answer.status).toBe(400)
      expect(answer.body.error).toBe('invalid_request')
      expect(answer.headers['www-authenticate']).toContain('error="invalid_request"')
    }
  })

  it.each(['Bearer', 'Bearer a b', 'Bearer "a"', 'Bearer a, DPoP b', 'Bearer =', ', Bearer a'])(
    'refuses the header %s as malformed',
    async (authorization) => {
      expect((await get({ Authorization: authorization })).status).toBe(400)
    },
  )

  it.each([
    ['forged', 'Bearer', 'x.y.z'],
    ['no token of ours', 'Bearer', 'lka_x'],
    ['forged', 'DPoP', 'x.y.z'],
  ])('refuses what is %s with invalid_token, in the challenge of the scheme %s', async (_what, scheme, text) => {
    const answer = await get({ Authorization: `${scheme} ${text}` })
    expect(answer.status).toBe(401)
    expect(answer.body.error).toBe('invalid_token')
    expect(answer.headers['www-authenticate']).toMatch(new RegExp(`^${scheme} .*error="invalid_token"`))
    expect(answer.headers['www-authenticate']).toContain(`DPoP ${scheme === 'DPoP' ? 'error' : ALGORITHMS}`)
  })

  it('refuses a revoked token by either scheme, after the proof', async () => {
    const [plain, tied] = [await token({}), await token({ DPoP: await signProof(key, { now: server.clock.now() }) })]
    for (const text of [plain, tied]) {
      await request(server.app).post('/oauth/revoke').type('form').send({ client_id: 'app', token: text })
    }
    const answers = [
      await get({ Authorization: `Bearer ${plain}` }),
      await get({ Authorization: `DPoP ${tied}`, DPoP: await prove(tied) }),
    ]
    for (const answer of answers) expect(answer.body.error).toBe('invalid_token')
  })

  it('asks for a nonce where those are required, in the challenge and the header (RFC 9449 §9)', async () => {
    const strict = await testServer({
      clients: [{ ...publicClient, scope: 'openid' }],
      env: { DPOP_NONCE: 'required' },
    })
    const sign = (nonce: string | undefined, more: object = {}) =>
      signProof(key, { now: strict.clock.now(), claims: { nonce, ...more } })
    const wanted = strict.request({ scope: 'openid' })
    const form = wanted.redeem(await strict.code(wanted))
    const first = await strict.token(form, { DPoP: await sign(undefined) })
    const { body } = await strict.token(form, { DPoP: await sign(first.headers['dpop-nonce']) })
    const ask = async (nonce: string | undefined) => {
      const claims = { htm: 'GET', htu: `http://localhost:3000${PATH}`, nonce }
      const DPoP = await signProof(key, { now: strict.clock.now(), accessToken: body.access_token, claims })
      return request(strict.app)
        .get(PATH)
        .set({ Authorization: `DPoP ${body.access_token}`, DPoP })
    }
    const asked = await ask(undefined)
    expect(asked.status).toBe(401)
    expect(asked.headers['www-authenticate']).toMatch(/^DPoP error="use_dpop_nonce"/)
    expect((await ask(asked.headers['dpop-nonce'])).status).toBe(200)
    await strict.close()
  })
})
