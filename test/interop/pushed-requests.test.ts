import * as client from 'openid-client'
import { alice, CLIENT_SECRET, confidentialClient, publicClient } from '../helpers/fixtures.ts'
import { type ListeningServer, listen } from '../helpers/listen.ts'
import { onBothStores } from '../helpers/server.ts'

const mustPush = { require_pushed_authorization_requests: true }
const clients = [
  { ...publicClient, ...mustPush },
  { ...confidentialClient, ...mustPush },
]

onBothStores('openid-client with pushed requests', (store) => {
  let server: ListeningServer
  beforeAll(async () => {
    server = await listen({ store, clients })
  })
  afterAll(() => server.close())

  it.each([
    ['a public client', publicClient, client.None()],
    ['client_secret_basic', confidentialClient, client.ClientSecretBasic(CLIENT_SECRET)],
    ['client_secret_post', confidentialClient, client.ClientSecretPost(CLIENT_SECRET)],
  ])('pushes, authorizes and redeems as %s', async (_name, registration, auth) => {
    const config = await client.discovery(new URL(server.issuer), registration.client_id, undefined, auth, {
      algorithm: 'oauth2',
      execute: [client.allowInsecureRequests],
    })
    const verifier = client.randomPKCECodeVerifier()
    const state = client.randomState()
    const url = await client.buildAuthorizationUrlWithPAR(config, {
      redirect_uri: registration.redirect_uris[0] as string,
      scope: 'read write',
      state,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    expect([...url.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri'])

    const request = { ...server.request(), query: () => url.searchParams.toString() }
    const { location } = await server.browser().authorize(request, { login: alice, consent: 'allow' })
    const tokens = await client.authorizationCodeGrant(config, new URL(location), {
      pkceCodeVerifier: verifier,
      expectedState: state,
    })
    expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'read write' })
  })

  it('is told what is wrong with a request before any browser is (RFC 9126 §2.3)', async () => {
    const options = { algorithm: 'oauth2' as const, execute: [client.allowInsecureRequests] }
    const config = await client.discovery(new URL(server.issuer), 'app', undefined, client.None(), options)
    const pushing = client.buildAuthorizationUrlWithPAR(config, { redirect_uri: 'https://evil.example/callback' })
    await expect(pushing).rejects.toMatchObject({ error: 'invalid_request', status: 400 })
  })
})
