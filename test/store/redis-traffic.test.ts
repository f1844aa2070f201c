import supertest from 'supertest'
import { makeProofKey, signProof } from '../helpers/dpop.ts'
import { alice, CLIENT_SECRET } from '../helpers/fixtures.ts'
import { type Form, readForm } from '../helpers/html.ts'
import { type RedisServer, startRedisServer } from '../helpers/redis-server.ts'
import { type RedisWatch, watchRedis } from '../helpers/redis-watch.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

const PREFIX = 'watched:'

describe('what the server asks of Redis and leaves there', () => {
  let redisServer: RedisServer
  let server: TestServer
  let watch: RedisWatch
  let secrets: string[]
  beforeAll(async () => {
    redisServer = await startRedisServer()
    watch = await watchRedis(redisServer.url)
    server = await testServer({ store: 'redis', env: { REDIS_URL: redisServer.url, REDIS_KEY_PREFIX: PREFIX } })
    secrets = await wholeFlow()
  })
  afterAll(async () => {
    await server?.close()
    await watch?.close()
    await redisServer?.stop()
  })

  const refresh = (refresh_token: string, more = {}) =>
    server.token({ grant_type: 'refresh_token', client_id: 'app', refresh_token, ...more })

  /** Everything secret that one whole flow hands out or takes in, each refusal tried on the way. */
  async function wholeFlow(): Promise<string[]> {
    const browser = server.browser()
    const request = server.request()
    const begun = await browser.get(`/oauth/authorize?${request.query()}`)
    const signIn = await browser.get(String(begun.headers.location))
    await browser.submit(signIn, { username: alice.username, password: 'not the password' })
    const form = readForm(signIn.text, ['password']) as Form
    const signedIn = await browser.post(form.action, { ...form.hidden, ...alice })
    const consent = await browser.get(String(signedIn.headers.location))
    const end = await browser.submit(consent, { answer: 'allow' })
    const code = new URL(end.headers.location as string).searchParams.get('code') as string
    await server.token(request.redeem(code, { client_id: 'brief' }))
    const first = await server.token(request.redeem(code))
    const second = await refresh(first.body.refresh_token)
    await refresh(first.body.refresh_token, { scope: 'admin' })
    const denied = server.request()
    await server.browser().authorize(denied, { login: alice, consent: 'deny' })
    const open = server.request()
    const left = await browser.authorize(open)
    const backend = { client_id: 'backend', redirect_uri: 'https://backend.example/callback' }
    const other = server.request(backend)
    const basic = `Basic ${Buffer.from(`backend:${CLIENT_SECRET}`).toString('base64')}`
    const third = await server.token(other.redeem(await server.code(other), { client_id: undefined }), {
      authorization: basic,
    })
    await server.browser().begin(server.request())
    const cookies = [begun, signedIn].flatMap(({ headers }) => headers['set-cookie'] ?? [])
    return [
      ...cookies.map((cookie) => /=([^;]+)/.exec(cookie)?.[1]),
      ...[signIn, consent].map((page) => /name="csrf" value="([^"]+)"/.exec(page.text)?.[1]),
      ...[request, denied, open, other].map(({ verifier }) => verifier),
      ...[first, second, third].flatMap(({ body }) => [body.access_token, body.refresh_token]),
      ...[code, left.code, alice.password, CLIENT_SECRET],
    ].map(String)
  }

  it('needs one round trip for a redemption, and one for a refresh', async () => {
    const warm = server.request()
    const { body } = await server.token(warm.redeem(await server.code(warm)))
    await refresh(body.refresh_token)

    const request = server.request()
    const code = await server.code(request)
    let answer = await server.token({})
    const redeemed = await watch.during(async () => {
      answer = await server.token(request.redeem(code))
    })
    expect(answer.status).toBe(200)
    expect(redeemed).toEqual(['evalsha'])

    const token = answer.body.refresh_token
    const refreshed = await watch.during(async () => {
      answer = await refresh(token)
    })
    expect(answer.status).toBe(200)
    expect(refreshed).toEqual(['evalsha'])

    const converged = await watch.during(() => refresh(token))
    expect(converged).toEqual(['evalsha'])
  })

  it('needs one round trip more for a request with a DPoP proof, and none for a proof that is refused', async () => {
    const key = await makeProofKey()
    const prove = async (claims = {}) => ({ DPoP: await signProof(key, { now: server.clock.now(), claims }) })
    const request = server.request()
    const code = await server.code(request)
    let answer = await server.token({})
    const proofs = [await prove(), await prove(), await prove({ htm: 'GET' })]

    const redeemed = await watch.during(async () => {
      answer = await server.token(request.redeem(code), proofs[0])
    })
    expect(answer.body.token_type).toBe('DPoP')
    expect(redeemed).toEqual(['set', 'evalsha'])

    const form = { grant_type: 'refresh_token', client_id: 'app', refresh_token: answer.body.refresh_token }
    const refreshed = await watch.during(async () => {
      answer = await server.token(form, proofs[1])
    })
    expect(answer.status).toBe(200)
    expect(refreshed).toEqual(['set', 'evalsha'])

    const refused = await watch.during(async () => {
      answer = await server.token(form, proofs[2])
    })
    expect(answer.body.error).toBe('invalid_dpop_proof')
    expect(refused).toEqual([])
  })

  it('needs two round trips to send a signed-in person with a remembered consent back with a code', async () => {
    const browser = server.browser()
    await browser.authorize(server.request(), { login: alice, consent: 'allow' })
    await browser.authorize(server.request())
    const commands = await watch.during(async () => {
      expect((await browser.authorize(server.request())).code).toMatch(/^lkc_/)
    })
    expect(commands).toEqual(['evalsha', 'evalsha'])
  })

  it('needs one round trip to introspect for a client that proved itself a moment ago, and one more the first time', async () => {
    const backend = { client_id: 'backend', redirect_uri: 'https://backend.example/callback' }
    const request = server.request(backend)
    const authorization = `Basic ${Buffer.from(`backend:${CLIENT_SECRET}`).toString('base64')}`
    const proven = { client_id: undefined }
    const { body } = await server.token(request.redeem(await server.code(request), proven), { authorization })
    server.clock.advance({ seconds: 60 })
    const introspected = () =>
      watch.during(async () => {
        const answer = await supertest(server.app)
          .post('/oauth/introspect')
          .set('Authorization', authorization)
          .type('form')
          .send({ token: body.refresh_token })
        expect(answer.body.active).toBe(true)
      })
    await introspected()
    server.clock.advance({ seconds: 60 })
    expect(await introspected()).toEqual(['evalsha', 'hgetall'])
    expect(await introspected()).toEqual(['hgetall'])
  })

  it('asks Redis nothing but to note the refusal for what no record is needed to refuse', async () => {
    const request = server.request()
    const commands = await watch.during(async () => {
      await server.token(request.redeem(`lkc_${'A'.repeat(22)}.${'A'.repeat(43)}`))
      await refresh(`lkr_${'A'.repeat(22)}.1.${'A'.repeat(43)}`)
      await server.token(request.redeem('x', { client_id: 'nobody' }))
      await server
        .browser()
        .get(`/oauth/authorize?${server.request({ redirect_uri: 'https://evil.example/' }).query()}`)
      await server.browser().get('/.well-known/oauth-authorization-server')
    })
    expect(commands).toEqual([])
  })

  it('gives every key its prefix and a time to live', async () => {
    const keys = [...(await watch.dump()).keys()]
    const kinds = new Set(keys.map((key) => key.slice(PREFIX.length).split(':')[0]))
    expect([...kinds].sort()).toEqual([
      'authorization',
      'authorizations-of',
      'consents',
      'failures',
      'interaction',
      'once',
      'refusals',
      'requests',
      'session',
    ])
    for (const key of keys) {
      expect(key.slice(0, PREFIX.length)).toBe(PREFIX)
      expect([key, await watch.redis.pttl(key)]).toEqual([key, expect.any(Number)])
      expect(await watch.redis.pttl(key)).toBeGreaterThan(0)
    }
  })

  it('stores nothing that could be used by whoever reads Redis', async () => {
    // A handle is worth its proof: neither the whole nor the part after the last dot may be there.
    expect(secrets).toContainEqual(expect.stringMatching(/^[\w-]{44}\.[\w-]{43}$/))
    const parts = secrets.flatMap((secret) => [secret, secret.slice(secret.lastIndexOf('.') + 1)])
    for (const part of parts) expect(part.length).toBeGreaterThan(15)
    const stored = [...(await watch.dump())].flat().join('\n')
    expect(stored).toContain('user-alice')
    expect(parts.filter((part) => stored.includes(part))).toEqual([])
  })

  it('stores nothing but the note of it for a page, a form and a token request that are refused', async () => {
    const before = [...(await watch.dump()).keys()].sort()
    await server.browser().begin(server.request({ redirect_uri: 'https://evil.example/' }))
    await server.browser().begin(server.request({ code_challenge: undefined }))
    await server.token(server.request().redeem('lkc_nothing'))
    expect([...(await watch.dump()).keys()].sort()).toEqual(before)
  })

  it('goes on where Redis has forgotten the scripts, as after a restart or a failover', async () => {
    const browser = server.browser()
    await browser.authorize(server.request(), { login: alice, consent: 'allow' })
    await watch.redis.script('FLUSH')
    const request = server.request()
    const { code } = await browser.authorize(request)
    await watch.redis.script('FLUSH')
    const answers = await Promise.all([1, 2, 3].map(() => server.token(request.redeem(code as string))))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400])
    const next = server.request()
    const { body } = await server.token(next.redeem(await server.code(next)))
    await watch.redis.script('FLUSH')
    expect((await refresh(body.refresh_token)).status).toBe(200)
  })
})
