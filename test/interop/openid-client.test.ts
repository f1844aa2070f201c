import * as client from 'openid-client'
import { alice, bob, CLIENT_SECRET, confidentialClient, publicClient } from '../helpers/fixtures.ts'
import { type ListeningServer, listen } from '../helpers/listen.ts'
import { onBothStores } from '../helpers/server.ts'

onBothStores('openid-client', (store) => {
  let server: ListeningServer
  beforeAll(async () => {
    server = await listen({ store })
  })
  afterAll(() => server.close())

  it.each([
    ['a public client', publicClient, client.None()],
    ['client_secret_basic', confidentialClient, client.ClientSecretBasic(CLIENT_SECRET)],
    ['client_secret_post', confidentialClient, client.ClientSecretPost(CLIENT_SECRET)],
  ])('discovers, authorizes, redeems and refreshes as %s', async (_name, registration, auth) => {
    const config = await client.discovery(new URL(server.issuer), registration.client_id, undefined, auth, {
      algorithm: 'oauth2',
      execute: [client.allowInsecureRequests],
    })
    const verifier = client.randomPKCECodeVerifier()
    const state = client.randomState()
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: registration.redirect_uris[0] as string,
      scope: 'read write',
      state,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })

    const request = { ...server.request(), query: () => url.searchParams.toString() }
    const { location } = await server.browser().authorize(request, { login: alice, consent: 'allow' })
    const tokens = await client.authorizationCodeGrant(config, new URL(location), {
      pkceCodeVerifier: verifier,
      expectedState: state,
    })
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 3600, scope: 'read write' })

    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token as string)
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token)
    expect(refreshed.access_token).not.toBe(tokens.access_token)
  })

  it('works for an issuer with a path, from discovery to refresh (RFC 8414 §3.1)', async () => {
    const tenant = await listen({ store }, '/tenant/eu')
    const options = { algorithm: 'oauth2' as const, execute: [client.allowInsecureRequests] }
    const config = await client.discovery(new URL(tenant.issuer), 'app', undefined, client.None(), options)
    expect(config.serverMetadata().token_endpoint).toBe(`${tenant.issuer}/oauth/token`)
    const request = tenant.request()
    const { location } = await tenant.browser().authorize(request, { login: alice, consent: 'allow' })
    const tokens = await client.authorizationCodeGrant(config, new URL(location), {
      pkceCodeVerifier: request.verifier,
      expectedState: request.state,
    })
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token as string)
    expect(refreshed.token_type).toBe('bearer')
    await tenant.close()
  })

  it('is told of a denial, with an iss it can check (RFC 9207 §2.4)', async () => {
    const config = await client.discovery(new URL(server.issuer), 'app', undefined, client.None(), {
      algorithm: 'oauth2',
      execute: [client.allowInsecureRequests],
    })
    const request = server.request({ scope: 'write' })
    const { location } = await server.browser().authorize(request, { login: bob, consent: 'deny' })
    const grant = client.authorizationCodeGrant(config, new URL(location), { expectedState: request.state })
    await expect(grant).rejects.toMatchObject({ error: 'access_denied' })
  })
})
