import * as client from 'openid-client'
import request from 'supertest'
import type { Browser } from '../helpers/browser.ts'
import { alice, CLIENT_SECRET, confidentialClient, publicClient } from '../helpers/fixtures.ts'
import { type ListeningServer, listen } from '../helpers/listen.ts'
import { onBothStores } from '../helpers/server.ts'

const person = { ...alice, email: 'alice@example.com', email_verified: true }
const BYE = 'https://app.example/bye'
const openid = { scope: 'openid profile email', post_logout_redirect_uris: [BYE] }
const RSA = { id_token_signed_response_alg: 'RS256' }
const clients = [
  { ...publicClient, ...openid },
  { ...confidentialClient, ...openid, ...RSA },
]

onBothStores('openid-client as an OpenID client', (store) => {
  let server: ListeningServer
  beforeAll(async () => {
    server = await listen({ store, clients, users: [person] })
  })
  afterAll(() => server.close())

  const discover = (clientId: string, metadata: object, auth: client.ClientAuth) =>
    client.discovery(new URL(server.issuer), clientId, metadata, auth, {
      execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
    })

  /** Signs alice in and redeems the code, with everything the library can check. */
  const signIn = async (config: client.Configuration, redirectUri: string, browser: Browser) => {
    const verifier = client.randomPKCECodeVerifier()
    const [state, nonce] = [client.randomState(), client.randomNonce()]
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: 'openid profile email',
      state,
      nonce,
      max_age: '600',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    const wanted = { ...server.request(), query: () => url.searchParams.toString() }
    const { location } = await browser.authorize(wanted, { login: alice, consent: 'allow' })
    const tokens = await client.authorizationCodeGrant(config, new URL(location), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      maxAge: 600,
      idTokenExpected: true,
    })
    return { tokens, nonce }
  }

  it.each([
    ['a public client, by ES256', publicClient, {}, client.None()],
    ['a confidential client, by RS256', confidentialClient, RSA, client.ClientSecretBasic(CLIENT_SECRET)],
  ])('signs in, reads the userinfo, refreshes and signs out: %s', async (_what, registration, metadata, auth) => {
    const config = await discover(registration.client_id, { id_token_signed_response_alg: 'ES256', ...metadata }, auth)
    const browser = server.browser()
    const { tokens, nonce } = await signIn(config, registration.redirect_uris[0] as string, browser)
    expect(tokens.claims()).toMatchObject({ iss: server.issuer, sub: person.sub, aud: registration.client_id, nonce })

    expect(await client.fetchUserInfo(config, tokens.access_token, person.sub)).toEqual({
      sub: person.sub,
      name: person.name,
      email: 'alice@example.com',
      email_verified: true,
    })
    const refreshed = await client.refreshTokenGrant(config, String(tokens.refresh_token))
    expect(refreshed.claims()).toMatchObject({ sub: person.sub, auth_time: tokens.claims()?.auth_time })

    const url = client.buildEndSessionUrl(config, {
      id_token_hint: String(refreshed.id_token),
      post_logout_redirect_uri: BYE,
      state: 'left',
    })
    const left = await browser.get(url.pathname + url.search)
    expect(left.headers.location).toBe(`${BYE}?state=left`)
    await expect(client.refreshTokenGrant(config, String(refreshed.refresh_token))).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('does not take userinfo about somebody else', async () => {
    const config = await discover('app', { id_token_signed_response_alg: 'ES256' }, client.None())
    const { tokens } = await signIn(config, 'https://app.example/callback', server.browser())
    const told = client.fetchUserInfo(config, tokens.access_token, 'somebody-else')
    await expect(told).rejects.toMatchObject({ code: 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED' })
  })

  it('is told that silence is not enough (Core §3.1.2.6)', async () => {
    const config = await discover('app', {}, client.None())
    const wanted = server.request({ scope: 'openid', prompt: 'none' })
    const { headers } = await request(server.app).get(`/oauth/authorize?${wanted.query()}`)
    const grant = client.authorizationCodeGrant(config, new URL(String(headers.location)), {
      expectedState: wanted.state,
    })
    await expect(grant).rejects.toMatchObject({ error: 'login_required' })
  })
})
