import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { alice, CLIENT_SECRET, confidentialClient, publicClient } from '../helpers/fixtures.ts'
import { type ListeningServer, listen } from '../helpers/listen.ts'

const scope = 'openid read'
const clients = [
  { ...publicClient, scope },
  { ...confidentialClient, scope },
]

/** The libraries prove their keys by themselves, and answer the demand for a nonce by asking again. */
describe.each(['off', 'required'])('DPoP by client libraries, with DPOP_NONCE %s', (DPOP_NONCE) => {
  let server: ListeningServer
  beforeAll(async () => {
    server = await listen({ clients, env: { DPOP_NONCE } })
  })
  afterAll(() => server.close())

  it.each([
    ['a public client', 'app', client.None()],
    ['a confidential client', 'backend', client.ClientSecretBasic(CLIENT_SECRET)],
  ])('openid-client redeems, refreshes and asks for userinfo as %s', async (_what, id, auth) => {
    const options = { algorithm: 'oauth2' as const, execute: [client.allowInsecureRequests] }
    const config = await client.discovery(new URL(server.issuer), id, undefined, auth, options)
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair())
    const verifier = client.randomPKCECodeVerifier()
    const state = client.randomState()
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: `https://${id}.example/callback`,
      scope,
      state,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      dpop_jkt: await DPoP.calculateThumbprint(),
    })
    const wanted = { ...server.request(), query: () => url.searchParams.toString() }
    const { location } = await server.browser().authorize(wanted, { login: alice, consent: 'allow' })
    const checks = { pkceCodeVerifier: verifier, expectedState: state }
    const tokens = await client.authorizationCodeGrant(config, new URL(location), checks, undefined, { DPoP })
    expect(tokens.token_type).toBe('dpop')

    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token as string, undefined, { DPoP })
    expect(refreshed.token_type).toBe('dpop')
    const user = await client.fetchUserInfo(config, refreshed.access_token, 'user-alice', { DPoP })
    expect(user.sub).toBe('user-alice')
  })

  it('oauth4webapi redeems and refreshes, and its resource server believes the proof', async () => {
    const insecure = { [oauth.allowInsecureRequests]: true }
    const issuer = new URL(server.issuer)
    const discovered = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
    const as = await oauth.processDiscoveryResponse(issuer, discovered)
    const self: oauth.Client = { client_id: 'app' }
    const DPoP = oauth.DPoP(self, await oauth.generateKeyPair('ES256'))
    const verifier = oauth.generateRandomCodeVerifier()
    const challenge = await oauth.calculatePKCECodeChallenge(verifier)
    const wanted = server.request({ code_challenge: challenge, dpop_jkt: await DPoP.calculateThumbprint() })
    const { location } = await server.browser().authorize(wanted, { login: alice, consent: 'allow' })
    const params = oauth.validateAuthResponse(as, self, new URL(location), wanted.state)

    /** Asks once more where the first answer is that a nonce is needed. */
    const twice = async <T>(ask: () => Promise<T>): Promise<T> => {
      try {
        return await ask()
      } catch (error) {
        if (!oauth.isDPoPNonceError(error)) throw error
        return ask()
      }
    }
    const options = { DPoP, ...insecure }
    const redirect = 'https://app.example/callback'
    const tokens = await twice(async () => {
      const answer = await oauth.authorizationCodeGrantRequest(
        as,
        self,
        oauth.None(),
        params,
        redirect,
        verifier,
        options,
      )
      return oauth.processAuthorizationCodeResponse(as, self, answer)
    })
    expect(tokens.token_type).toBe('dpop')
    const refreshed = await twice(async () => {
      const token = tokens.refresh_token as string
      const answer = await oauth.refreshTokenGrantRequest(as, self, oauth.None(), token, options)
      return oauth.processRefreshTokenResponse(as, self, answer)
    })
    expect(refreshed.token_type).toBe('dpop')

    let seen = new Headers()
    await oauth.protectedResourceRequest(
      refreshed.access_token,
      'GET',
      new URL('http://api.example/things'),
      undefined,
      undefined,
      {
        ...options,
        [oauth.customFetch]: async (_url: string, init: { headers: Record<string, string> }) => {
          seen = new Headers(init.headers)
          return new Response()
        },
      },
    )
    const api = new Request('http://api.example/things', { headers: seen })
    const claims = await oauth.validateJwtAccessToken(as, api, server.issuer, insecure)
    expect(claims.cnf?.jkt).toBe(await DPoP.calculateThumbprint())
  })
})
