import type { CryptoKey } from 'jose'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { JWT_BEARER, makeClientKey, signAssertion } from '../helpers/client-key.ts'
import { type DocumentServer, documentServer } from '../helpers/document-server.ts'
import { CLIENT_SECRET, confidentialClient } from '../helpers/fixtures.ts'
import { type ListeningServer, listen } from '../helpers/listen.ts'
import { onBothStores, testServer } from '../helpers/server.ts'

const { client_secret: _, ...partner } = confidentialClient
const REDIRECT = 'https://backend.example/callback'

const byKeys = (jwks: object) => ({
  ...partner,
  client_id: 'keys',
  token_endpoint_auth_method: 'private_key_jwt',
  ...jwks,
})
const bySecret = {
  ...partner,
  client_id: 'hmac',
  token_endpoint_auth_method: 'client_secret_jwt',
  client_secret: CLIENT_SECRET,
}

describe('openid-client', () => {
  let server: ListeningServer
  afterEach(() => server.close())

  /** The whole flow: discovery, a code, tokens, a refresh. */
  const walk = async (clientId: string, auth: client.ClientAuth) => {
    const config = await client.discovery(new URL(server.issuer), clientId, undefined, auth, {
      algorithm: 'oauth2',
      execute: [client.allowInsecureRequests],
    })
    const wanted = server.request({ client_id: clientId, redirect_uri: REDIRECT })
    const code = await server.code(wanted)
    const callback = new URL(REDIRECT)
    callback.search = new URLSearchParams({ code, state: wanted.state, iss: server.issuer }).toString()
    const tokens = await client.authorizationCodeGrant(config, callback, {
      pkceCodeVerifier: wanted.verifier,
      expectedState: wanted.state,
    })
    return client.refreshTokenGrant(config, tokens.refresh_token as string)
  }

  it.each(['ES256', 'Ed25519', 'RS256', 'PS256'])('authenticates with PrivateKeyJwt and %s', async (alg) => {
    const key = await makeClientKey(alg, 'one')
    server = await listen({ clients: [byKeys({ jwks: { keys: [key.jwk] } })] })
    const auth = client.PrivateKeyJwt({ key: key.privateKey as CryptoKey, kid: 'one' })
    expect((await walk('keys', auth)).access_token).toBeTruthy()
  })

  it('authenticates with PrivateKeyJwt and keys behind a jwks_uri', async () => {
    const key = await makeClientKey('ES256', 'one')
    const documents = await documentServer()
    documents.serve({ keys: [key.jwk] })
    server = await listen({ clients: [byKeys({ jwks_uri: documents.url })] })
    const auth = client.PrivateKeyJwt({ key: key.privateKey as CryptoKey, kid: 'one' })
    expect((await walk('keys', auth)).access_token).toBeTruthy()
    expect(documents.requests).toHaveLength(1)
    await documents.close()
  })

  it('authenticates with ClientSecretJwt', async () => {
    server = await listen({ clients: [bySecret] })
    expect((await walk('hmac', client.ClientSecretJwt(CLIENT_SECRET))).access_token).toBeTruthy()
  })
})

it('oauth4webapi authenticates with a key that has no kid', async () => {
  const key = await makeClientKey('ES256')
  const { kid: _kid, ...jwk } = key.jwk
  const server = await listen({ clients: [byKeys({ jwks: { keys: [jwk] } })] })
  const insecure = { [oauth.allowInsecureRequests]: true }
  const issuer = new URL(server.issuer)
  const discovered = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
  const as = await oauth.processDiscoveryResponse(issuer, discovered)
  expect(as.token_endpoint_auth_signing_alg_values_supported).toEqual([
    'ES256',
    'EdDSA',
    'Ed25519',
    'RS256',
    'PS256',
    'HS256',
  ])

  const wanted = server.request({ client_id: 'keys', redirect_uri: REDIRECT })
  const callback = new URL(`${REDIRECT}?code=${await server.code(wanted)}&state=${wanted.state}&iss=${server.issuer}`)
  const self = { client_id: 'keys' }
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    self,
    oauth.PrivateKeyJwt(key.privateKey as CryptoKey),
    oauth.validateAuthResponse(as, self, callback, wanted.state),
    REDIRECT,
    wanted.verifier,
    insecure,
  )
  const tokens = await oauth.processAuthorizationCodeResponse(as, self, response)
  expect(tokens.refresh_token).toBeTruthy()
  await server.close()
})

onBothStores('client assertions', (store) => {
  it('need no client_id in the form (RFC 7521 §4.2)', async () => {
    const server = await testServer({ store, clients: [bySecret] })
    const wanted = server.request({ client_id: 'hmac', redirect_uri: REDIRECT })
    const form = wanted.redeem(await server.code(wanted), { client_id: undefined })
    const now = Math.floor(server.clock.now() / 1000)
    const client_assertion = await signAssertion('hmac', CLIENT_SECRET, { now })
    const answer = await server.token({ ...form, client_assertion, client_assertion_type: JWT_BEARER })
    expect(answer.status).toBe(200)
    await server.close()
  })
})

describe('a client that changes its keys', () => {
  let documents: DocumentServer
  beforeEach(async () => {
    documents = await documentServer()
  })
  afterEach(() => documents.close())

  it('is known by the new one at once, and by the old one no more', async () => {
    const [old, fresh] = [await makeClientKey('ES256', 'old'), await makeClientKey('ES256', 'fresh')]
    documents.serve({ keys: [old.jwk] })
    const server = await testServer({ clients: [byKeys({ jwks_uri: documents.url })] })
    const attempt = async (key: typeof old) => {
      const now = Math.floor(server.clock.now() / 1000)
      const client_assertion = await signAssertion('keys', key, { now })
      const form = { grant_type: 'refresh_token', refresh_token: 'x', client_assertion }
      return (await server.token({ ...form, client_assertion_type: JWT_BEARER })).body.error
    }
    // Known to us, but with a refresh token that is none.
    expect(await attempt(old)).toBe('invalid_grant')
    server.clock.advance({ seconds: 60 })
    documents.serve({ keys: [fresh.jwk] })
    expect(await attempt(fresh)).toBe('invalid_grant')
    expect(await attempt(old)).toBe('invalid_client')
    await server.close()
  })
})
