import request from 'supertest'
import { disconnect, listConnected } from '../../src/authorization/connected.ts'
import { alice, bob, CLIENT_SECRET, confidentialClient, publicClient } from '../helpers/fixtures.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'
import { openIdClient, type SignIn, signInBy, stands } from '../helpers/sign-out.ts'

const gateway = { ...confidentialClient, client_id: 'gateway', introspection: 'any' }
const clients = [openIdClient, publicClient, gateway]
const READER = { ...openIdClient, client_id: 'app', redirect_uris: publicClient.redirect_uris }

onBothStores('the clients that a user is connected with', (store) => {
  let server: TestServer
  beforeEach(async () => {
    server = await testServer({ store, clients })
  })
  afterEach(() => server.close())

  const list = (subject = alice.sub) => listConnected(subject, server.deps, server.clock.now())
  const refresh = (refresh_token: string, client_id = 'signer') =>
    server.token({ grant_type: 'refresh_token', client_id, refresh_token })
  const post = (path: string, form: Record<string, string>) => request(server.app).post(path).type('form').send(form)
  const isActive = async (token: string) => {
    const form = { token, client_id: 'gateway', client_secret: CLIENT_SECRET }
    const introspected = await post('/oauth/introspect', form)
    return introspected.body.active as boolean
  }
  const userinfo = async (token: string) =>
    (await request(server.app).get('/oauth/userinfo').set('Authorization', `Bearer ${token}`)).status

  it('are told with all that they may do together, the one that was used last first', async () => {
    const began = server.clock.now()
    const first = await signInBy(server, { scope: 'openid read' })
    server.clock.advance({ seconds: 60 })
    await signInBy(server, { scope: 'openid write', browser: first.browser })
    server.clock.advance({ seconds: 60 })
    await signInBy(server, { client: READER, scope: 'read' })
    const used = server.clock.now()
    await signInBy(server, { person: bob })
    const clientOf = (id: string) => server.deps.clients.find(id)
    const ISSUER = server.config.issuer
    const app = {
      clientId: 'app',
      client: clientOf('app'),
      scopes: ['read'],
      resources: [ISSUER],
      since: used,
      lastUsed: used,
      authorizations: 1,
    }
    const signer = {
      clientId: 'signer',
      client: clientOf('signer'),
      resources: [ISSUER],
      since: began,
      authorizations: 2,
    }
    expect(await list()).toEqual([app, { ...signer, scopes: ['openid', 'write', 'read'], lastUsed: began + 60_000 }])

    server.clock.advance({ seconds: 60 })
    await refresh(first.tokens.refresh_token as string)
    expect(await list()).toEqual([{ ...signer, scopes: ['openid', 'write', 'read'], lastUsed: used + 60_000 }, app])
    expect(await list('nobody')).toEqual([])
  })

  it('are none that only asked, were refused, or have a code they never redeemed', async () => {
    const browser = server.browser()
    await browser.authorize(server.request(), { login: alice, consent: 'deny' })
    await browser.authorize(server.request(), { consent: 'allow' })
    await browser.begin(server.request({ scope: 'write' }))
    expect(await list()).toEqual([])
  })

  it('tell of clients that are no longer registered, so that they can be ended, too', async () => {
    const { authorizationId } = await signInBy(server)
    server.deps.clients.replace([])
    expect(await list()).toMatchObject([{ clientId: 'signer', client: undefined, authorizations: 1 }])
    expect(await disconnect(alice.sub, 'signer', server.deps)).toBe(1)
    expect(await stands(server, authorizationId)).toBe(false)
    expect(await list()).toEqual([])
  })

  it('can do nothing any more once they are disconnected, and are asked about again', async () => {
    const first = await signInBy(server)
    const second = await signInBy(server, { scope: 'openid offline_access' })
    const wanted = server.request({
      client_id: 'signer',
      redirect_uri: openIdClient.redirect_uris[0],
      scope: 'openid read',
    })
    const { code } = await first.browser.authorize(wanted)
    expect(code).toBeDefined()
    for (const { tokens } of [first, second]) {
      expect([await isActive(tokens.access_token as string), await userinfo(tokens.access_token as string)]).toEqual([
        true,
        200,
      ])
    }

    expect(await disconnect(alice.sub, 'signer', server.deps)).toBe(3)

    for (const { tokens } of [first, second]) {
      const refreshed = await refresh(tokens.refresh_token as string)
      expect([refreshed.status, refreshed.body.error]).toEqual([400, 'invalid_grant'])
      expect([await isActive(tokens.access_token as string), await userinfo(tokens.access_token as string)]).toEqual([
        false,
        401,
      ])
    }
    expect((await server.token(wanted.redeem(code as string))).body.error).toBe('invalid_grant')
    const asked = await first.browser.begin(wanted)
    expect(asked.text).toContain('value="allow"')
    expect(asked.text).not.toContain('name="password"')
    expect(await list()).toEqual([])
  })

  it('are ended one by one: other clients and other people keep what they have', async () => {
    const ended = await signInBy(server)
    const kept: SignIn[] = [
      await signInBy(server, { client: READER, scope: 'read', browser: ended.browser }),
      await signInBy(server, { person: bob }),
    ]
    await disconnect(alice.sub, 'signer', server.deps)
    expect(await stands(server, ended.authorizationId)).toBe(false)
    for (const { authorizationId } of kept) expect(await stands(server, authorizationId)).toBe(true)
    expect((await ended.browser.authorize(server.request())).code).toBeDefined()
  })

  it('are ended with an event each, and one for the whole', async () => {
    const ids = [(await signInBy(server)).authorizationId, (await signInBy(server)).authorizationId]
    const before = server.events().length
    await disconnect(alice.sub, 'signer', server.deps)
    const events = server.events().slice(before)
    expect(events.map(({ audit }) => audit)).toEqual([
      'authorization.ended',
      'authorization.ended',
      'client.disconnected',
    ])
    expect(events.slice(0, 2).map(({ authorization_id }) => authorization_id)).toEqual(expect.arrayContaining(ids))
    expect(events[0]).toMatchObject({ cause: 'disconnected', client_id: 'signer' })
    expect(events[2]).toMatchObject({ client_id: 'signer', subject: alice.sub, ended: 2 })
    expect(await disconnect(alice.sub, 'signer', server.deps)).toBe(0)
    expect(server.events().at(-1)).toMatchObject({ audit: 'client.disconnected', ended: 0 })
  })

  it('lose even what is born while they are disconnected, by a request that had seen the consent before', async () => {
    const { browser } = await signInBy(server)
    const wanted = server.request({
      client_id: 'signer',
      redirect_uri: openIdClient.redirect_uris[0],
      scope: 'openid read',
    })
    const { authorizations, consents } = server.deps.store
    let code: string | undefined
    let ended = 0
    const late = {
      ...authorizations,
      async endForClient(...args: Parameters<typeof authorizations.endForClient>) {
        const ids = await authorizations.endForClient(...args)
        // What the first look cannot have seen: the request had its consent before that was forgotten.
        if (code === undefined) {
          await consents.remember(args[0].userKey, consentFor, consent, server.clock.now())
          code = (await browser.authorize(wanted)).code
          await consents.forget(args[0].userKey, 'signer')
        }
        ended += ids.length
        return ids
      },
    }
    const consentFor = { clientId: 'signer', redirectUri: openIdClient.redirect_uris[0] as string }
    const expiresAt = server.clock.now() + 1000
    const consent = { scope: ['openid', 'read'], leftOut: [], resources: [server.config.issuer], expiresAt }
    await disconnect(alice.sub, 'signer', { ...server.deps, store: { authorizations: late, consents } })
    expect(code).toBeDefined()
    expect(ended).toBe(2)
    expect((await server.token(wanted.redeem(code as unknown as string))).body.error).toBe('invalid_grant')
  })
})
