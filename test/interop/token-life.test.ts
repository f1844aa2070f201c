import type { webcrypto } from 'node:crypto'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { alice, CLIENT_SECRET, confidentialClient, publicClient } from '../helpers/fixtures.ts'
import { type ListeningServer, listen } from '../helpers/listen.ts'

const registration = {
  ...confidentialClient,
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
}

/** The whole life of tokens, by the two libraries that follow the specifications most closely. */
describe('the life of tokens', () => {
  let server: ListeningServer
  let keys: webcrypto.CryptoKeyPair
  beforeAll(async () => {
    keys = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'sign',
      'verify',
    ])) as webcrypto.CryptoKeyPair
    const jwk = await crypto.subtle.exportKey('jwk', keys.publicKey)
    const { client_secret: _, ...keyless } = registration
    server = await listen({
      clients: [
        registration,
        publicClient,
        { ...keyless, client_id: 'signer', token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } },
      ],
    })
  })
  afterAll(() => server.close())

  describe.each(['client_secret_basic', 'private_key_jwt'])('openid-client with %s', (method) => {
    const configure = () => {
      const auth =
        method === 'private_key_jwt' ? client.PrivateKeyJwt(keys.privateKey) : client.ClientSecretBasic(CLIENT_SECRET)
      const id = method === 'private_key_jwt' ? 'signer' : 'backend'
      const options = { algorithm: 'oauth2' as const, execute: [client.allowInsecureRequests] }
      return client.discovery(new URL(server.issuer), id, undefined, auth, options)
    }

    it('redeems, introspects, refreshes, revokes', async () => {
      const config = await configure()
      const verifier = client.randomPKCECodeVerifier()
      const state = client.randomState()
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: 'https://backend.example/callback',
        scope: 'read',
        state,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      })
      const wanted = { ...server.request(), query: () => url.searchParams.toString() }
      const { location } = await server.browser().authorize(wanted, { login: alice, consent: 'allow' })
      const checks = { pkceCodeVerifier: verifier, expectedState: state }
      const tokens = await client.authorizationCodeGrant(config, new URL(location), checks)

      expect(await client.tokenIntrospection(config, tokens.access_token)).toMatchObject({
        active: true,
        username: 'alice',
      })
      const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token as string)
      await client.tokenRevocation(config, refreshed.refresh_token as string)
      expect(await client.tokenIntrospection(config, refreshed.access_token)).toEqual({ active: false })
      await expect(client.refreshTokenGrant(config, refreshed.refresh_token as string)).rejects.toMatchObject({
        error: 'invalid_grant',
      })
    })

    it('gets a token of its own', async () => {
      const config = await configure()
      const tokens = await client.clientCredentialsGrant(config, { scope: 'read' })
      expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'read' })
      expect(await client.tokenIntrospection(config, tokens.access_token)).toMatchObject({ active: true })
    })
  })

  it('oauth4webapi revokes, introspects and asks for a token of its own', async () => {
    const insecure = { [oauth.allowInsecureRequests]: true }
    const issuer = new URL(server.issuer)
    const discovered = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
    const as = await oauth.processDiscoveryResponse(issuer, discovered)
    const self: oauth.Client = { client_id: 'signer' }
    const auth = oauth.PrivateKeyJwt(keys.privateKey)

    const asked = await oauth.clientCredentialsGrantRequest(as, self, auth, { scope: 'read' }, insecure)
    const { access_token } = await oauth.processClientCredentialsResponse(as, self, asked)
    const introspect = async () => {
      const answer = await oauth.introspectionRequest(as, self, auth, access_token, insecure)
      return oauth.processIntrospectionResponse(as, self, answer)
    }
    expect((await introspect()).active).toBe(true)
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, self, auth, access_token, insecure))
    expect((await introspect()).active).toBe(false)
  })
})
