import { request as httpRequest } from 'node:http'
import request from 'supertest'
import { makeProofKey, type ProofChanges, type ProofKey, signProof } from '../helpers/dpop.ts'
import { publicClient } from '../helpers/fixtures.ts'
import { listen } from '../helpers/listen.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'

onBothStores('Attacks on tokens that are bound to a key', (store) => {
  let server: TestServer
  let owner: ProofKey
  let thief: ProofKey
  beforeAll(async () => {
    owner = await makeProofKey()
    thief = await makeProofKey()
  })
  beforeEach(async () => {
    server = await testServer({ store, clients: [{ ...publicClient, scope: 'openid read' }] })
  })
  afterEach(() => server.close())

  const proofBy = (key: ProofKey, changes: ProofChanges = {}) => signProof(key, { now: server.clock.now(), ...changes })
  const tokens = async (overrides: Record<string, string> = {}) => {
    const wanted = server.request(overrides)
    return (await server.token(wanted.redeem(await server.code(wanted)), { DPoP: await proofBy(owner) })).body
  }
  const refresh = (refresh_token: string, DPoP?: string) =>
    server.token({ grant_type: 'refresh_token', client_id: 'app', refresh_token }, DPoP === undefined ? {} : { DPoP })
  const causeOf = (answer: request.Response) =>
    server.logs().find(({ error_id }) => error_id === answer.headers['latchkey-error-id'])?.cause

  const USERINFO = 'http://localhost:3000/oauth/userinfo'
  const forUserinfo = { claims: { htm: 'GET', htu: USERINFO } }
  const userinfo = (headers: Record<string, string>) => request(server.app).get('/oauth/userinfo').set(headers)

  it('The thief has a refresh token and not its key: without a proof, and with one of their own, they get nothing and harm nothing (keycloak#36475)', async () => {
    const { refresh_token } = await tokens()
    expect((await refresh(refresh_token)).body.error).toBe('invalid_dpop_proof')
    expect((await refresh(refresh_token, await proofBy(thief))).body.error).toBe('invalid_grant')
    server.clock.advance({ seconds: 3600 })
    expect((await refresh(refresh_token, await proofBy(owner))).status).toBe(200)
    expect(server.events()).toContainEqual(expect.objectContaining({ audit: 'dpop.wrong_key', cause: 'no-proof' }))
    expect(server.events()).toContainEqual(
      expect.objectContaining({ audit: 'dpop.wrong_key', cause: 'wrong-dpop-key', client_id: 'app' }),
    )
  })

  it('The thief binds an unbound refresh token to their own key: when its owner comes, both have lost it', async () => {
    const wanted = server.request()
    const { body } = await server.token(wanted.redeem(await server.code(wanted)))
    const stolen = await refresh(body.refresh_token, await proofBy(thief))
    expect(stolen.status).toBe(200)
    expect((await refresh(body.refresh_token)).body.error).toBe('invalid_grant')
    expect((await refresh(stolen.body.refresh_token, await proofBy(thief))).body.error).toBe('invalid_grant')
    expect(server.events()).toContainEqual(expect.objectContaining({ audit: 'refresh_token.reused' }))
  })

  it('The thief has a code and even its verifier, but not the key of dpop_jkt: the code stays for its owner (RFC 9449 §10)', async () => {
    const wanted = server.request({ dpop_jkt: owner.jkt })
    const form = wanted.redeem(await server.code(wanted))
    expect((await server.token(form, { DPoP: await proofBy(thief) })).body.error).toBe('invalid_grant')
    expect((await server.token(form)).body.error).toBe('invalid_dpop_proof')
    expect((await server.token(form, { DPoP: await proofBy(owner) })).status).toBe(200)
  })

  it('Fifty copies of one proof at once: one is taken, whatever they ask for (RFC 9449 §11.1)', async () => {
    const { refresh_token } = await tokens()
    const proof = await proofBy(owner)
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(refresh_token, proof)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const refused = answers.filter(({ body }) => body.error === 'invalid_dpop_proof')
    expect(refused).toHaveLength(49)
    expect(new Set(refused.map(causeOf))).toEqual(new Set(['proof-replayed']))
  })

  it('A proof that was made too early or too late, for another method or another address, is worth nothing and spends nothing', async () => {
    const { refresh_token } = await tokens()
    const now = Math.floor(server.clock.now() / 1000)
    const attempts: [Record<string, unknown>, string][] = [
      [{ iat: now - 3600 }, 'stale-proof'],
      [{ iat: now + 3600 }, 'proof-from-the-future'],
      [{ htm: 'GET' }, 'wrong-htm'],
      [{ htu: USERINFO }, 'wrong-htu'],
      [{ htu: 'https://evil.example/oauth/token' }, 'wrong-htu'],
      [{ htu: 'http://localhost:3000/oauth/token/../userinfo' }, 'wrong-htu'],
    ]
    for (const [claims, cause] of attempts) {
      const answer = await refresh(refresh_token, await proofBy(owner, { claims }))
      expect(answer.body.error).toBe('invalid_dpop_proof')
      expect(causeOf(answer)).toBe(cause)
    }
    expect((await refresh(refresh_token, await proofBy(owner))).status).toBe(200)
  })

  it('The attacker poses as the address of a proof for their own server, by Host and forwarded headers', async () => {
    const { refresh_token } = await tokens()
    const DPoP = await proofBy(owner, { claims: { htu: 'https://evil.example/oauth/token' } })
    const posing = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' }
    const form = { grant_type: 'refresh_token', client_id: 'app', refresh_token }
    expect(causeOf(await server.token(form, { DPoP, ...posing }))).toBe('wrong-htu')
    expect((await server.token(form, { DPoP: await proofBy(owner), ...posing })).status).toBe(200)
  })

  it('Two proofs in two header fields, one of them sound: neither counts', async () => {
    const listening = await listen({ store })
    const htu = `${listening.issuer}/oauth/token`
    const proof = (key: ProofKey) => signProof(key, { now: listening.clock.now(), claims: { htu } })
    const post = async (...proofs: string[]) =>
      new Promise<string>((resolve, reject) => {
        const headers = { 'content-type': 'application/x-www-form-urlencoded', DPoP: proofs }
        const req = httpRequest(htu, { method: 'POST', headers }, (res) => {
          let text = ''
          res.on('data', (chunk) => {
            text += chunk
          })
          res.on('end', () => resolve(JSON.parse(text).error))
        })
        req.on('error', reject).end('grant_type=refresh_token&client_id=app&refresh_token=none')
      })
    const same = await proof(owner)
    expect(await post(await proof(owner), await proof(thief))).toBe('invalid_dpop_proof')
    expect(await post(same, same)).toBe('invalid_dpop_proof')
    // Only a proof that is believed leads on to the token, which is none.
    expect(await post(same)).toBe('invalid_grant')
    await listening.close()
  })

  it('An empty DPoP header is a proof that fails, not none: nobody is given a bearer token who asked for more', async () => {
    const wanted = server.request()
    const answer = await server.token(wanted.redeem(await server.code(wanted)), { DPoP: '' })
    expect(answer.body.error).toBe('invalid_dpop_proof')
  })

  it('The thief presents a bound access token as a bearer token, by header and by form (RFC 9449 §7.1)', async () => {
    const { access_token } = await tokens({ scope: 'openid read' })
    const byHeader = await userinfo({ Authorization: `Bearer ${access_token}` })
    const byForm = await request(server.app).post('/oauth/userinfo').type('form').send({ access_token })
    for (const answer of [byHeader, byForm]) {
      expect(answer.status).toBe(401)
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer .*error="invalid_token".*, DPoP algs="ES256 /)
      expect(causeOf(answer)).toBe('bound-token-as-bearer')
    }
  })

  it('The thief presents a bound access token with a proof of their own key, and with a recorded proof', async () => {
    const { access_token } = await tokens({ scope: 'openid read' })
    const authorization = { Authorization: `DPoP ${access_token}` }
    const own = { ...authorization, DPoP: await proofBy(thief, { ...forUserinfo, accessToken: access_token }) }
    const recorded = { ...authorization, DPoP: await proofBy(owner, { ...forUserinfo, accessToken: access_token }) }

    const byThief = await userinfo(own)
    expect(byThief.status).toBe(401)
    expect(byThief.headers['www-authenticate']).toMatch(/^DPoP error="invalid_token", .*algs="ES256 /)
    expect(causeOf(byThief)).toBe('wrong-dpop-key')
    expect((await userinfo(recorded)).status).toBe(200)
    const again = await userinfo(recorded)
    expect(again.status).toBe(401)
    expect(again.headers['www-authenticate']).toMatch(/^DPoP error="invalid_dpop_proof", .*algs="ES256 /)
    expect(causeOf(again)).toBe('proof-replayed')
  })

  it('The thief moves a proof from one access token to another of the same key (RFC 9449 §4.3, ath)', async () => {
    const [one, two] = [await tokens({ scope: 'openid' }), await tokens({ scope: 'openid' })]
    for (const accessToken of [one.access_token, undefined]) {
      const DPoP = await proofBy(owner, { ...forUserinfo, accessToken })
      const answer = await userinfo({ Authorization: `DPoP ${two.access_token}`, DPoP })
      expect(causeOf(answer)).toBe('wrong-ath')
    }
  })

  it('No proof at all, or a bearer token that is called DPoP, opens nothing', async () => {
    const { access_token } = await tokens({ scope: 'openid' })
    const without = await userinfo({ Authorization: `DPoP ${access_token}` })
    expect(without.status).toBe(401)
    expect(causeOf(without)).toBe('no-proof')

    const wanted = server.request({ scope: 'openid' })
    const { body } = await server.token(wanted.redeem(await server.code(wanted)))
    const DPoP = await proofBy(owner, { ...forUserinfo, accessToken: body.access_token })
    const called = await userinfo({ Authorization: `DPoP ${body.access_token}`, DPoP })
    expect(called.status).toBe(401)
    expect(causeOf(called)).toBe('bearer-token-as-dpop')
    expect((await userinfo({ Authorization: `Bearer ${body.access_token}` })).status).toBe(200)
  })

  it('No proof is in the log, whatever became of it', async () => {
    const { refresh_token } = await tokens()
    const proof = await proofBy(owner)
    await refresh(refresh_token, proof)
    await refresh(refresh_token, proof)
    expect(server.logText()).toContain('proof-replayed')
    for (const part of proof.split('.')) expect(server.logText()).not.toContain(part)
  })
})
