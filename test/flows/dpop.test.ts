import { decodeJwt } from 'jose'
import request from 'supertest'
import { makeProofKey, type ProofChanges, type ProofKey, signProof } from '../helpers/dpop.ts'
import { alice, CLIENT_SECRET, confidentialClient, publicClient } from '../helpers/fixtures.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'

const clients = [
  publicClient,
  { ...confidentialClient, grant_types: [...publicClient.grant_types, 'client_credentials'] },
  { ...publicClient, client_id: 'bound', dpop_bound_access_tokens: true },
]
const BASIC = { authorization: `Basic ${Buffer.from(`backend:${CLIENT_SECRET}`).toString('base64')}` }

onBothStores('tokens that are bound to a key (RFC 9449)', (store) => {
  let server: TestServer
  let key: ProofKey
  let other: ProofKey
  beforeAll(async () => {
    server = await testServer({ store, clients })
    key = await makeProofKey()
    other = await makeProofKey('EdDSA')
  })
  afterAll(() => server.close())

  const prove = async (by: ProofKey = key, changes: ProofChanges = {}) => ({
    DPoP: await signProof(by, { now: server.clock.now(), ...changes }),
  })
  const firstTokens = async (headers: Record<string, string>, overrides: Record<string, string> = {}) => {
    const wanted = server.request(overrides)
    return server.token(wanted.redeem(await server.code(wanted)), headers)
  }
  const refresh = (refresh_token: string, headers: Record<string, string> = {}) =>
    server.token({ grant_type: 'refresh_token', client_id: 'app', refresh_token }, headers)
  const backend = async (headers: Record<string, string>, overrides: Record<string, string> = {}) => {
    const wanted = server.request({
      client_id: 'backend',
      redirect_uri: 'https://backend.example/callback',
      ...overrides,
    })
    return server.token(wanted.redeem(await server.code(wanted), { client_id: undefined }), { ...BASIC, ...headers })
  }

  it('binds the access token of a code to the key of the proof (§5, §6.1)', async () => {
    const { status, body } = await firstTokens(await prove())
    expect(status).toBe(200)
    expect(body.token_type).toBe('DPoP')
    expect(decodeJwt(body.access_token).cnf).toEqual({ jkt: key.jkt })
  })

  it('gives a bearer token where there is no proof', async () => {
    const { body } = await firstTokens({})
    expect(body.token_type).toBe('Bearer')
    expect(decodeJwt(body.access_token)).not.toHaveProperty('cnf')
    const refreshed = await refresh(body.refresh_token)
    expect(refreshed.body.token_type).toBe('Bearer')
  })

  it('binds refresh tokens of public clients: each refresh needs a proof of the same key (§5)', async () => {
    const first = await firstTokens(await prove())
    const second = await refresh(first.body.refresh_token, await prove())
    expect(second.body).toMatchObject({ token_type: 'DPoP', refresh_token: expect.stringMatching(/^lkr_/) })
    expect(decodeJwt(second.body.access_token).cnf).toEqual({ jkt: key.jkt })

    const without = await refresh(second.body.refresh_token)
    expect(without.status).toBe(400)
    expect(without.body.error).toBe('invalid_dpop_proof')
    const wrong = await refresh(second.body.refresh_token, await prove(other))
    expect(wrong.status).toBe(400)
    expect(wrong.body.error).toBe('invalid_grant')
    expect((await refresh(second.body.refresh_token, await prove())).status).toBe(200)
  })

  it('binds refresh tokens of public clients also when the first proof comes with a refresh', async () => {
    const first = await firstTokens({})
    const second = await refresh(first.body.refresh_token, await prove())
    expect(second.body.token_type).toBe('DPoP')
    expect((await refresh(second.body.refresh_token)).body.error).toBe('invalid_dpop_proof')
    expect((await refresh(second.body.refresh_token, await prove())).status).toBe(200)
  })

  it('leaves refresh tokens of confidential clients unbound: they may change their key (§5)', async () => {
    const first = await backend(await prove())
    expect(decodeJwt(first.body.access_token).cnf).toEqual({ jkt: key.jkt })
    let token = first.body.refresh_token
    for (const [headers, cnf] of [
      [await prove(other), { jkt: other.jkt }],
      [{}, undefined],
    ] as const) {
      const { status, body } = await server.token(
        { grant_type: 'refresh_token', refresh_token: token },
        { ...BASIC, ...headers },
      )
      expect(status).toBe(200)
      expect(decodeJwt(body.access_token).cnf).toEqual(cnf)
      token = body.refresh_token
    }
  })

  it("binds a client's own token", async () => {
    const { body } = await server.token({ grant_type: 'client_credentials' }, { ...BASIC, ...(await prove()) })
    expect(body.token_type).toBe('DPoP')
    expect(decodeJwt(body.access_token).cnf).toEqual({ jkt: key.jkt })
  })

  it('binds a code to the key named by dpop_jkt: only a proof of that key redeems it (§10)', async () => {
    for (const [redeem, overrides] of [
      [firstTokens, { dpop_jkt: key.jkt }],
      [backend, { dpop_jkt: key.jkt }],
    ] as const) {
      expect((await redeem({}, overrides)).body.error).toBe('invalid_dpop_proof')
      expect((await redeem(await prove(other), overrides)).body.error).toBe('invalid_grant')
      expect((await redeem(await prove(), overrides)).body.token_type).toBe('DPoP')
    }
  })

  it('refuses a dpop_jkt that is no thumbprint, by redirect', async () => {
    const answer = await server.browser().authorize(server.request({ dpop_jkt: 'short' }))
    expect(answer.error).toBe('invalid_request')
    expect(answer.location).toMatch(/^https:\/\/app\.example\/callback/)
  })

  it('binds the code of a pushed request by its proof, as by dpop_jkt (§10.1)', async () => {
    const wanted = server.request()
    const htu = 'http://localhost:3000/oauth/par'
    const push = async (more: Record<string, string>) =>
      request(server.app)
        .post('/oauth/par')
        .set(await prove(key, { claims: { htu } }))
        .type('form')
        .send({ ...wanted.params, ...more })
    const { status, body } = await push({})
    expect(status).toBe(201)
    const query = new URLSearchParams({ client_id: 'app', request_uri: body.request_uri }).toString()
    const login = { login: alice, consent: 'allow' } as const
    const { code } = await server.browser().authorize({ ...wanted, query: () => query }, login)
    const form = wanted.redeem(code as string)
    expect((await server.token(form, await prove(other))).body.error).toBe('invalid_grant')
    expect((await server.token(form, await prove())).body.token_type).toBe('DPoP')
    expect((await push({ dpop_jkt: other.jkt })).body.error).toBe('invalid_request')
    expect((await push({ dpop_jkt: key.jkt })).status).toBe(201)
  })

  it('gives a client with dpop_bound_access_tokens no other tokens (§5.2)', async () => {
    const wanted = server.request({ client_id: 'bound' })
    const form = wanted.redeem(await server.code(wanted))
    const without = await server.token(form)
    expect(without.status).toBe(400)
    expect(without.body.error).toBe('invalid_dpop_proof')
    expect((await server.token(form, await prove())).body.token_type).toBe('DPoP')
  })

  it('tells a resource server the key of a token (§6.2)', async () => {
    const { body } = await backend(await prove())
    const introspect = (token: string) =>
      request(server.app).post('/oauth/introspect').set(BASIC).type('form').send({ token })
    const bound = await introspect(body.access_token)
    expect(bound.body).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt: key.jkt } })
    const bearer = await introspect((await backend({})).body.access_token)
    expect(bearer.body).toMatchObject({ active: true, token_type: 'Bearer' })
    expect(bearer.body).not.toHaveProperty('cnf')
  })

  it('tells in the metadata what proofs may be signed with (§5.1)', async () => {
    const { body } = await request(server.app).get('/.well-known/oauth-authorization-server')
    expect(body.dpop_signing_alg_values_supported).toEqual(['ES256', 'EdDSA', 'Ed25519', 'RS256', 'PS256'])
  })

  it('lets a page read the nonce it is offered', async () => {
    const origin = 'https://app.example'
    const answer = await server.token({}, { origin })
    expect(answer.headers['access-control-allow-origin']).toBe(origin)
    expect(answer.headers['access-control-expose-headers']).toContain('DPoP-Nonce')
    expect(answer.headers).not.toHaveProperty('dpop-nonce')
  })
})

onBothStores('proofs with a nonce of the server (RFC 9449 §8)', (store) => {
  let server: TestServer
  let key: ProofKey
  beforeAll(async () => {
    server = await testServer({ store, clients, env: { DPOP_NONCE: 'required' } })
    key = await makeProofKey()
  })
  afterAll(() => server.close())

  const prove = async (nonce?: string) => ({
    DPoP: await signProof(key, { now: server.clock.now(), claims: { nonce } }),
  })

  it('asks for one, gives it along, and leaves the code as it was', async () => {
    const wanted = server.request()
    const form = wanted.redeem(await server.code(wanted))
    const asked = await server.token(form, await prove())
    expect(asked.status).toBe(400)
    expect(asked.body.error).toBe('use_dpop_nonce')
    expect(asked.headers['cache-control']).toBe('no-store')
    const given = await server.token(form, await prove(asked.headers['dpop-nonce']))
    expect(given.body.token_type).toBe('DPoP')
  })

  it('offers the next one with every answer, so that a client that goes on is never asked again (§8.2)', async () => {
    const wanted = server.request()
    const { headers } = await server.token({})
    let answer = await server.token(wanted.redeem(await server.code(wanted)), await prove(headers['dpop-nonce']))
    for (let minutes = 0; minutes < 5; minutes++) {
      server.clock.advance({ seconds: 55 })
      const { refresh_token } = answer.body
      const form = { grant_type: 'refresh_token', client_id: 'app', refresh_token }
      answer = await server.token(form, await prove(answer.headers['dpop-nonce']))
      expect(answer.status).toBe(200)
    }
    server.clock.advance({ seconds: 120 })
    const { refresh_token } = answer.body
    const form = { grant_type: 'refresh_token', client_id: 'app', refresh_token }
    const late = await server.token(form, await prove(answer.headers['dpop-nonce']))
    expect(late.body.error).toBe('use_dpop_nonce')
    expect((await server.token(form, await prove(late.headers['dpop-nonce']))).status).toBe(200)
  })

  it('asks nothing of requests without a proof', async () => {
    const wanted = server.request()
    expect((await server.token(wanted.redeem(await server.code(wanted)))).body.token_type).toBe('Bearer')
  })
})
