import { decodeJwt } from 'jose'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'

onBothStores('refreshing', (store) => {
  let server: TestServer
  beforeEach(async () => {
    server = await testServer({ store })
  })
  afterEach(() => server.close())

  const firstTokens = async (scope = 'read write') => {
    const request = server.request({ scope })
    return (await server.token(request.redeem(await server.code(request)))).body
  }
  const refresh = (refresh_token: string, more: Record<string, string> = {}) =>
    server.token({ grant_type: 'refresh_token', client_id: 'app', refresh_token, ...more })

  it('gives a new access token and a new refresh token each time (RFC 6749 §6, RFC 9700 §4.14.2)', async () => {
    const first = await firstTokens()
    const second = await refresh(first.refresh_token)
    expect(second.status).toBe(200)
    expect(second.body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: expect.stringMatching(/^lkr_/),
      scope: 'read write',
    })
    expect(second.body.refresh_token).not.toBe(first.refresh_token)
    const third = await refresh(second.body.refresh_token)
    expect(third.status).toBe(200)
    expect(decodeJwt(third.body.access_token).sub).toBe('user-alice')
  })

  it('gives two tabs that refresh at once the same successor, and goes on from there', async () => {
    const first = await firstTokens()
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(first.refresh_token)))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    const successors = new Set(answers.map(({ body }) => body.refresh_token))
    expect(successors.size).toBe(1)
    expect((await refresh([...successors][0] as string)).status).toBe(200)
  })

  it('gives a client whose answer was lost the same successor within the grace', async () => {
    const first = await firstTokens()
    const lost = await refresh(first.refresh_token)
    server.clock.advance({ seconds: 29 })
    const again = await refresh(first.refresh_token)
    expect(again.body.refresh_token).toBe(lost.body.refresh_token)
  })

  it('takes the parent after the grace for a theft: the whole authorization ends', async () => {
    const first = await firstTokens()
    const second = await refresh(first.refresh_token)
    server.clock.advance({ seconds: 30 })
    const stolen = await refresh(first.refresh_token)
    expect(stolen.status).toBe(400)
    expect(stolen.body.error).toBe('invalid_grant')
    expect((await refresh(second.body.refresh_token)).body.error).toBe('invalid_grant')
    expect(server.events()).toContainEqual(expect.objectContaining({ audit: 'refresh_token.reused', client_id: 'app' }))
  })

  it('takes the grandparent for a theft even within the grace', async () => {
    const first = await firstTokens()
    const second = await refresh(first.refresh_token)
    const third = await refresh(second.body.refresh_token)
    expect((await refresh(first.refresh_token)).body.error).toBe('invalid_grant')
    expect((await refresh(third.body.refresh_token)).body.error).toBe('invalid_grant')
  })

  it('narrows the scope of one access token without narrowing the authorization (RFC 6749 §6)', async () => {
    const first = await firstTokens()
    const narrow = await refresh(first.refresh_token, { scope: 'read' })
    expect(narrow.body.scope).toBe('read')
    expect(decodeJwt(narrow.body.access_token).scope).toBe('read')
    const full = await refresh(narrow.body.refresh_token)
    expect(full.body.scope).toBe('read write')
  })

  it('refuses a wider scope and leaves the refresh token as it was', async () => {
    const first = await firstTokens('read')
    const wider = await refresh(first.refresh_token, { scope: 'read write' })
    expect(wider.body.error).toBe('invalid_scope')
    server.clock.advance({ seconds: 120 })
    expect((await refresh(first.refresh_token)).status).toBe(200)
  })

  it('ends when it is not used for the idle time, and when the chain is at its end', async () => {
    const idle = await firstTokens()
    server.clock.advance({ seconds: 30 * 86_400 })
    expect((await refresh(idle.refresh_token)).body.error).toBe('invalid_grant')

    let chain = await firstTokens()
    for (let month = 0; month < 12; month++) {
      server.clock.advance({ seconds: 29 * 86_400 })
      chain = (await refresh(chain.refresh_token)).body
      expect(chain.refresh_token).toBeDefined()
    }
    server.clock.advance({ seconds: 18 * 86_400 })
    expect((await refresh(chain.refresh_token)).body.error).toBe('invalid_grant')
  })

  it('ignores parameters it does not know, such as the redirect_uri that AppAuth sends', async () => {
    const first = await firstTokens()
    const answer = await refresh(first.refresh_token, { redirect_uri: 'https://app.example/callback' })
    expect(answer.status).toBe(200)
  })

  it('gives nothing for a user whose account is gone, and ends the authorization', async () => {
    const first = await firstTokens()
    await server.deps.reload({ ...server.config, users: [] })
    expect((await refresh(first.refresh_token)).body.error).toBe('invalid_grant')
    await server.deps.reload(server.config)
    expect((await refresh(first.refresh_token)).body.error).toBe('invalid_grant')
  })
})
