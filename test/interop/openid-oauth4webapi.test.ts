import * as oauth from 'oauth4webapi'
import { alice, CLIENT_SECRET, confidentialClient } from '../helpers/fixtures.ts'
import { type ListeningServer, listen } from '../helpers/listen.ts'

const person = { ...alice, email: 'alice@example.com', email_verified: true }
const REDIRECT = 'https://backend.example/callback'

describe.each(['ES256', 'RS256'])('oauth4webapi as an OpenID client, ID tokens and userinfo by %s', (alg) => {
  let server: ListeningServer
  let as: oauth.AuthorizationServer
  const insecure = { [oauth.allowInsecureRequests]: true }
  const client: oauth.Client = {
    client_id: 'backend',
    id_token_signed_response_alg: alg,
    userinfo_signed_response_alg: alg,
    require_auth_time: true,
  }
  const auth = oauth.ClientSecretBasic(CLIENT_SECRET)
  beforeAll(async () => {
    const metadata = {
      ...confidentialClient,
      scope: 'openid email',
      id_token_signed_response_alg: alg,
      userinfo_signed_response_alg: alg,
    }
    server = await listen({ clients: [metadata], users: [person] })
    const issuer = new URL(server.issuer)
    const answer = await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...insecure })
    as = await oauth.processDiscoveryResponse(issuer, answer)
  })
  afterAll(() => server.close())

  it('checks every ID token with its signature and the signed userinfo', async () => {
    const nonce = oauth.generateRandomNonce()
    const wanted = server.request({
      client_id: 'backend',
      redirect_uri: REDIRECT,
      scope: 'openid email',
      nonce,
      max_age: '600',
    })
    const { location } = await server.browser().authorize(wanted, { login: alice, consent: 'allow' })
    const params = oauth.validateAuthResponse(as, client, new URL(location), wanted.state)
    const answer = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      auth,
      params,
      REDIRECT,
      wanted.verifier,
      insecure,
    )
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer, {
      expectedNonce: nonce,
      maxAge: 600,
      requireIdToken: true,
    })
    await oauth.validateApplicationLevelSignature(as, answer, insecure)
    const claims = oauth.getValidatedIdTokenClaims(tokens)
    expect(claims).toMatchObject({ iss: server.issuer, aud: 'backend', sub: person.sub, nonce })

    const told = await oauth.userInfoRequest(as, client, tokens.access_token, insecure)
    expect(await oauth.processUserInfoResponse(as, client, person.sub, told)).toMatchObject({
      sub: person.sub,
      email: 'alice@example.com',
      email_verified: true,
    })
    await oauth.validateApplicationLevelSignature(as, told, insecure)

    const refreshed = await oauth.refreshTokenGrantRequest(as, client, auth, String(tokens.refresh_token), insecure)
    const again = await oauth.processRefreshTokenResponse(as, client, refreshed)
    const { sub, auth_time } = oauth.getValidatedIdTokenClaims(again) ?? {}
    expect([sub, auth_time]).toEqual([person.sub, claims?.auth_time])
  })

  it('will not take an ID token of another request', async () => {
    const wanted = server.request({ client_id: 'backend', redirect_uri: REDIRECT, scope: 'openid', nonce: 'mine' })
    const { location } = await server.browser().authorize(wanted, { login: alice, consent: 'allow' })
    const params = oauth.validateAuthResponse(as, client, new URL(location), wanted.state)
    const { verifier } = wanted
    const answer = await oauth.authorizationCodeGrantRequest(as, client, auth, params, REDIRECT, verifier, insecure)
    const taken = oauth.processAuthorizationCodeResponse(as, client, answer, { expectedNonce: 'of another' })
    await expect(taken).rejects.toMatchObject({ code: oauth.JWT_CLAIM_COMPARISON })
  })
})
