import { alice, CLIENT_SECRET } from '../helpers/fixtures.ts'
import { pkcePair } from '../helpers/pkce.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'

onBothStores('attacks on codes', (store) => {
  let server: TestServer
  beforeEach(async () => {
    server = await testServer({ store })
  })
  afterEach(() => server.close())

  it('The attacker reads a code from a log or a referrer and redeems it without the verifier', async () => {
    const request = server.request()
    const code = await server.code(request)
    const without = await server.token(request.redeem(code, { code_verifier: undefined }))
    expect(without.status).toBe(400)
    expect(without.body).toEqual({ error: 'invalid_request', error_description: 'missing parameter: code_verifier' })
  })

  it('The attacker tries a verifier of their own: the code is burnt, and its owner must start again (RFC 7636 §4.6)', async () => {
    const request = server.request()
    const code = await server.code(request)
    const guess = await server.token(request.redeem(code, { code_verifier: pkcePair().verifier }))
    expect(guess.status).toBe(400)
    expect(guess.body.error).toBe('invalid_grant')
    const owner = await server.token(request.redeem(code))
    expect(owner.body.error).toBe('invalid_grant')
    expect(server.events()).toContainEqual(expect.objectContaining({ audit: 'code.burnt', client_id: 'app' }))
  })

  it('The attacker replays a code after its owner: refused, and everything issued from it ends (RFC 6749 §4.1.2)', async () => {
    const request = server.request()
    const code = await server.code(request)
    const first = await server.token(request.redeem(code))
    const replay = await server.token(request.redeem(code))
    expect(replay.body.error).toBe('invalid_grant')
    const refreshed = await server.token({
      grant_type: 'refresh_token',
      client_id: 'app',
      refresh_token: first.body.refresh_token,
    })
    expect(refreshed.body.error).toBe('invalid_grant')
    expect(server.events()).toContainEqual(expect.objectContaining({ audit: 'code.replayed', revoked: true }))
  })

  it('A React page in strict mode redeems twice at once: with leniency the second is refused and the first keeps its tokens', async () => {
    const lenient = await testServer({ store, env: { CODE_REPLAY_LENIENCY: '0.5' } })
    const request = lenient.request()
    const code = await lenient.code(request)
    const first = await lenient.token(request.redeem(code))
    const second = await lenient.token(request.redeem(code))
    expect(second.body.error).toBe('invalid_grant')
    const refreshed = await lenient.token({
      grant_type: 'refresh_token',
      client_id: 'app',
      refresh_token: first.body.refresh_token,
    })
    expect(refreshed.status).toBe(200)
    await lenient.close()
  })

  it('A hundred parallel redemptions of one code: exactly one gets tokens', async () => {
    const request = server.request()
    const code = await server.code(request)
    const answers = await Promise.all(Array.from({ length: 100 }, () => server.token(request.redeem(code))))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const winner = answers.find(({ status }) => status === 200)
    const refreshed = await server.token({
      grant_type: 'refresh_token',
      client_id: 'app',
      refresh_token: winner?.body.refresh_token,
    })
    expect(refreshed.body.error).toBe('invalid_grant')
  })

  it('Another client that got hold of a code can neither use it nor spend it (CVE-2026-16089)', async () => {
    const request = server.request()
    const code = await server.code(request)
    const stranger = await server.token(
      request.redeem(code, { client_id: 'backend', client_secret: CLIENT_SECRET, redirect_uri: undefined }),
    )
    expect(stranger.body.error).toBe('invalid_grant')
    expect((await server.token(request.redeem(code))).status).toBe(200)
    const late = await server.token(
      request.redeem(code, { client_id: 'backend', client_secret: CLIENT_SECRET, redirect_uri: undefined }),
    )
    expect(late.body.error).toBe('invalid_grant')
    expect(server.events().filter(({ audit }) => audit === 'code.replayed')).toHaveLength(0)
  })

  it('A code is sent with another redirect_uri: refused, and the code stays (RFC 6749 §4.1.3)', async () => {
    const request = server.request()
    const code = await server.code(request)
    const other = await server.token(request.redeem(code, { redirect_uri: 'https://app.example/callback/' }))
    expect(other.body.error).toBe('invalid_grant')
    expect((await server.token(request.redeem(code))).status).toBe(200)
  })

  it('A code comes a second too late', async () => {
    const request = server.request()
    const code = await server.code(request)
    server.clock.advance({ seconds: 60 })
    expect((await server.token(request.redeem(code))).body.error).toBe('invalid_grant')
  })

  it('A refresh token of one client is used by another: refused without harm to its owner', async () => {
    const request = server.request()
    const { body } = await server.token(request.redeem(await server.code(request)))
    const stolen = await server.token({
      grant_type: 'refresh_token',
      client_id: 'backend',
      client_secret: CLIENT_SECRET,
      refresh_token: body.refresh_token,
    })
    expect(stolen.body.error).toBe('invalid_grant')
    const owner = await server.token({
      grant_type: 'refresh_token',
      client_id: 'app',
      refresh_token: body.refresh_token,
    })
    expect(owner.status).toBe(200)
  })

  it('Parts of two codes, or of a code and a refresh token, are put together: none of it is ours', async () => {
    const one = server.request()
    const two = server.request()
    const [first, second] = [await server.code(one), await server.code(two)]
    const mixed = `${first.split('.')[0]}.${second.split('.')[1]}`
    expect((await server.token(one.redeem(mixed))).body.error).toBe('invalid_grant')
    const asRefresh = await server.token({ grant_type: 'refresh_token', client_id: 'app', refresh_token: first })
    expect(asRefresh.body.error).toBe('invalid_grant')
    expect((await server.token(one.redeem(first))).status).toBe(200)
  })

  it('Every refusal of a grant says the same to the client, and the log alone knows why', async () => {
    const request = server.request()
    const code = await server.code(request)
    const forged = await server.token(request.redeem(`${code.slice(0, -1)}${code.endsWith('A') ? 'B' : 'A'}`))
    const burnt = await server.token(request.redeem(code, { code_verifier: pkcePair().verifier }))
    const gone = await server.token(request.redeem(code))
    expect(burnt.body).toEqual(forged.body)
    expect(gone.body).toEqual(forged.body)
    const causes = [forged, burnt, gone].map((answer) => {
      const line = server.logs().find(({ error_id }) => error_id === answer.headers['latchkey-error-id'])
      return line?.cause
    })
    expect(causes).toEqual(['forged-code', 'verifier-does-not-match', 'code-expired-or-revoked'])
  })

  it('A removed client gets nothing for a code that was issued to it before', async () => {
    const request = server.request()
    const code = await server.code(request)
    await server.deps.reload({ ...server.config, clients: [] })
    expect((await server.token(request.redeem(code))).status).toBe(401)
    await server.deps.reload(server.config)
  })

  it('No code, token, verifier, password or cookie of a whole flow is in the log', async () => {
    const request = server.request()
    const code = await server.code(request)
    const { body } = await server.token(request.redeem(code))
    await server.token(request.redeem(code))
    const refresh = { grant_type: 'refresh_token', client_id: 'app', refresh_token: body.refresh_token }
    await server.token(refresh)
    const log = server.logText()
    expect(log.length).toBeGreaterThan(500)
    for (const secret of [
      code,
      request.verifier,
      body.access_token,
      body.refresh_token,
      alice.password,
      CLIENT_SECRET,
    ]) {
      expect(log).not.toContain(secret)
    }
  })
})
