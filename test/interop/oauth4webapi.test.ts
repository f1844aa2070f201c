import * as oauth from 'oauth4webapi'
import { alice } from '../helpers/fixtures.ts'
import { type ListeningServer, listen } from '../helpers/listen.ts'

describe('oauth4webapi, the strictest of the client libraries', () => {
  let server: ListeningServer
  let as: oauth.AuthorizationServer
  const client: oauth.Client = { client_id: 'app' }
  const insecure = { [oauth.allowInsecureRequests]: true }

  beforeAll(async () => {
    server = await listen()
    const issuer = new URL(server.issuer)
    const answer = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
    as = await oauth.processDiscoveryResponse(issuer, answer)
  })
  afterAll(() => server.close())

  it('takes the whole flow', async () => {
    const verifier = oauth.generateRandomCodeVerifier()
    const challenge = await oauth.calculatePKCECodeChallenge(verifier)
    const request = server.request({ code_challenge: challenge })
    const { location } = await server.browser().authorize(request, { login: alice, consent: 'allow' })

    const params = oauth.validateAuthResponse(as, client, new URL(location), request.state)
    const answer = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      oauth.None(),
      params,
      'https://app.example/callback',
      verifier,
      insecure,
    )
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer)
    const refreshed = await oauth.refreshTokenGrantRequest(
      as,
      client,
      oauth.None(),
      tokens.refresh_token as string,
      insecure,
    )
    expect((await oauth.processRefreshTokenResponse(as, client, refreshed)).token_type).toBe('bearer')

    const api = new Request('https://api.example/', { headers: { authorization: `Bearer ${tokens.access_token}` } })
    const claims = await oauth.validateJwtAccessToken(as, api, server.issuer, insecure)
    expect(claims).toMatchObject({ client_id: 'app', scope: 'read' })
  })

  it('reads our errors as OAuth errors', async () => {
    const params = oauth.validateAuthResponse(
      as,
      client,
      new URLSearchParams({ code: 'x', iss: server.issuer }),
      oauth.expectNoState,
    )
    const verifier = oauth.generateRandomCodeVerifier()
    const answer = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      oauth.None(),
      params,
      'x:y',
      verifier,
      insecure,
    )
    await expect(oauth.processAuthorizationCodeResponse(as, client, answer)).rejects.toMatchObject({
      error: 'invalid_grant',
      status: 400,
    })
  })
})
