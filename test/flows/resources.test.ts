import { decodeJwt } from 'jose'
import { clientResponse } from '../helpers/browser.ts'
import { alice, publicClient } from '../helpers/fixtures.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'

const MAIL = 'https://mail.example/api'
const FILES = 'https://files.example/api'

onBothStores('resource indicators (RFC 8707)', (store) => {
  let server: TestServer
  beforeEach(async () => {
    server = await testServer({
      store,
      clients: [publicClient, { ...publicClient, client_id: 'mail-only', resources: [MAIL] }],
      env: {
        RESOURCES: JSON.stringify({
          [MAIL]: { scopes: 'read', access_token_ttl: 300 },
          [FILES]: { scopes: 'read write' },
        }),
        DEFAULT_RESOURCE: FILES,
      },
    })
  })
  afterEach(() => server.close())

  /** A request for several resources, each its own parameter. */
  const requestFor = (resources: string[], overrides: Record<string, string> = {}) => {
    const wanted = server.request({ scope: 'read write', ...overrides })
    const named = resources.map((uri) => `&resource=${encodeURIComponent(uri)}`).join('')
    return { ...wanted, query: () => wanted.query() + named }
  }
  const codeFor = async (wanted: ReturnType<typeof requestFor>) =>
    (await server.browser().authorize(wanted, { login: alice, consent: 'allow' })).code as string

  it('several at authorize, one at the token endpoint: the token is for that one, with its scopes and lifetime', async () => {
    const wanted = requestFor([MAIL, FILES])
    const { body } = await server.token(wanted.redeem(await codeFor(wanted), { resource: MAIL }))
    expect(body).toMatchObject({ scope: 'read', expires_in: 300 })
    expect(decodeJwt(body.access_token)).toMatchObject({ aud: MAIL, scope: 'read' })

    const refresh = { grant_type: 'refresh_token', client_id: 'app', refresh_token: body.refresh_token }
    const files = await server.token({ ...refresh, resource: FILES })
    expect(files.body).toMatchObject({ scope: 'read write', expires_in: 3600 })
    expect(decodeJwt(files.body.access_token).aud).toBe(FILES)
  })

  it('none named: the default resource', async () => {
    const wanted = server.request()
    const { body } = await server.token(wanted.redeem(await server.code(wanted)))
    expect(decodeJwt(body.access_token).aud).toBe(FILES)
  })

  it.each([
    ['one nobody knows', ['https://unknown.example']],
    ['a known one and an unknown one', [MAIL, 'https://unknown.example']],
    ['another spelling of a known one', [`${MAIL}/`]],
    ['no URI at all', ['mail']],
  ])('at authorize, %s is invalid_target by redirect', async (_what, resources) => {
    const answer = clientResponse(
      await server.browser().begin(requestFor(resources) as ReturnType<TestServer['request']>),
    )
    expect(answer.error).toBe('invalid_target')
  })

  it('a client may be held to some resources', async () => {
    const wanted = requestFor([FILES], { client_id: 'mail-only' })
    const answer = clientResponse(await server.browser().begin(wanted))
    expect(answer.error).toBe('invalid_target')
  })

  it('a token request cannot reach beyond what was granted, and the refusal costs nothing (workers-oauth-provider#245)', async () => {
    const wanted = requestFor([MAIL])
    const code = await codeFor(wanted)
    const beyond = await server.token(wanted.redeem(code, { resource: FILES }))
    expect([beyond.status, beyond.body.error]).toEqual([400, 'invalid_target'])
    const { body } = await server.token(wanted.redeem(code, { resource: MAIL }))
    const refresh = { grant_type: 'refresh_token', client_id: 'app', refresh_token: body.refresh_token }
    expect((await server.token({ ...refresh, resource: FILES })).body.error).toBe('invalid_target')
    server.clock.advance({ seconds: 60 })
    expect((await server.token(refresh)).status).toBe(200)
  })

  it('two consents never add up to what nobody allowed: reading here and writing there is not writing here', async () => {
    const browser = server.browser()
    await browser.authorize(requestFor([MAIL], { scope: 'read' }), { login: alice, consent: 'allow' })
    await browser.authorize(requestFor([FILES], { scope: 'write' }), { consent: 'allow' })
    expect((await browser.begin(requestFor([FILES], { scope: 'write' }))).headers.location).toContain('code=')
    const crossed = await browser.begin(requestFor([MAIL], { scope: 'write' }))
    expect(crossed.text).toContain('name="answer"')
  })

  it('a new resource is known after a reload, to requests and to redemptions alike', async () => {
    const added = 'https://added.example'
    const { resources } = server.config
    const fallback = resources.fallback
    const byUri = new Map([...resources.byUri, [added, { ...fallback, uri: added }]])
    await server.deps.reload({ ...server.config, resources: { byUri, fallback } })
    const wanted = requestFor([added])
    const { body } = await server.token(wanted.redeem(await codeFor(wanted), { resource: added }))
    expect(decodeJwt(body.access_token).aud).toBe(added)
  })

  it('a consent for one API is none for another', async () => {
    const browser = server.browser()
    await browser.authorize(requestFor([MAIL]), { login: alice, consent: 'allow' })
    expect((await browser.begin(requestFor([MAIL]))).headers.location).toContain('code=')
    const other = await browser.begin(requestFor([FILES]))
    expect(other.text).toContain('name="answer"')
    expect(other.text).toContain('files.example')
  })
})
