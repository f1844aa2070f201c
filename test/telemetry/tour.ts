import request from 'supertest'
import { type Browser, createBrowser } from '../helpers/browser.ts'
import { type ClientKey, JWT_BEARER, makeClientKey, signAssertion } from '../helpers/client-key.ts'
import { makeProofKey, signProof } from '../helpers/dpop.ts'
import { alice, CLIENT_SECRET, confidentialClient, publicClient } from '../helpers/fixtures.ts'
import { basic } from '../helpers/push.ts'
import type { AuthorizationRequest } from '../helpers/request.ts'
import type { TestServer } from '../helpers/server.ts'
import { openIdClient } from '../helpers/sign-out.ts'
import { Secrets } from './secrets.ts'
import { tap } from './tap.ts'

const WRONG_PASSWORD = 'a password that opens nothing at all'

/** The clients of a tour, one for each way in which a client proves itself. */
export async function tourClients(): Promise<{ clients: object[]; key: ClientKey }> {
  const key = await makeClientKey()
  const backend = { ...confidentialClient, grant_types: [...publicClient.grant_types, 'client_credentials'] }
  const { client_secret: _, ...keyless } = backend
  const byKey = { client_id: 'keys', token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key.jwk] } }
  return { clients: [publicClient, backend, openIdClient, { ...keyless, ...byKey }], key }
}

/**
 * Goes to every endpoint, rightly and wrongly, and leaves secrets where they do not belong.
 *
 * @returns every secret that was on the way
 */
export async function tour(server: TestServer, key: ClientKey): Promise<Secrets> {
  const secrets = new Secrets()
  const app = tap(server.app, secrets)
  const browser = createBrowser(app)
  const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    request(app).post(path).set(headers).type('form').send(form)
  const token = (form: Record<string, string>, headers: Record<string, string> = {}) =>
    post('/oauth/token', form, headers)
  const code = async (wanted: AuthorizationRequest, by: Browser = browser) => {
    secrets.keep('code_verifier', wanted.verifier)
    return (await by.authorize(wanted, { login: alice, consent: 'allow' })).code as string
  }
  const refresh = (refresh_token: string, headers: Record<string, string> = {}) =>
    token({ grant_type: 'refresh_token', client_id: 'app', refresh_token }, headers)

  // A sign-in, wrong and right; a no; a code that is redeemed, comes again, and one with a wrong verifier.
  const wanted = server.request()
  const page = await browser.begin(wanted)
  await browser.submit(page, { username: alice.username, password: WRONG_PASSWORD })
  await browser.submit(page, { username: WRONG_PASSWORD, password: alice.password })
  const first = await code(wanted)
  await token(wanted.redeem(first))
  await token(wanted.redeem(first))
  const other = server.request()
  await token(other.redeem(await code(other), { code_verifier: wanted.verifier }))
  const challenged = server.request()
  await token(challenged.redeem(await code(challenged), { code_verifier: challenged.challenge }))
  await createBrowser(app).authorize(server.request({ scope: 'write' }), { login: alice, consent: 'deny' })
  const posted = server.request()
  await browser.post('/oauth/authorize', posted.params)
  await browser.begin(server.request({ code_challenge: posted.verifier, code_challenge_method: 'plain' }))
  await browser.begin(server.request({ redirect_uri: `https://elsewhere.example/callback?code=${first}` }))

  // Refresh, and the reuse of an old one; with a key as well.
  const renewed = server.request()
  const { body } = await token(renewed.redeem(await code(renewed)))
  const second = await refresh(body.refresh_token)
  await refresh(second.body.refresh_token)
  await refresh(body.refresh_token)
  const proofKey = await makeProofKey()
  const proof = async (changes: object = {}) => ({
    DPoP: await signProof(proofKey, { now: server.clock.now(), ...changes }),
  })
  const boundTo = server.request()
  const bound = await token(boundTo.redeem(await code(boundTo)), await proof())
  await refresh(bound.body.refresh_token)
  await refresh(bound.body.refresh_token, await proof({ claims: { htm: 'GET' } }))
  await refresh(bound.body.refresh_token, { DPoP: `${(await proof()).DPoP}x` })

  // Clients by secret and by assertion; tokens asked about and given back.
  const own = await token({ grant_type: 'client_credentials' }, basic('backend'))
  await token({ grant_type: 'client_credentials', client_id: 'backend', client_secret: CLIENT_SECRET })
  await token({ grant_type: 'client_credentials', client_id: 'backend', client_secret: `${CLIENT_SECRET}-wrong` })
  const now = Math.floor(server.clock.now() / 1000)
  const client_assertion = await signAssertion('keys', key, { now })
  const asserted = { grant_type: 'client_credentials', client_assertion_type: JWT_BEARER }
  await token({ ...asserted, client_assertion })
  await token({ ...asserted, client_assertion })
  await token({ ...asserted, client_assertion: `${client_assertion.slice(0, -6)}AAAAAA` })
  await token({ ...asserted, client_assertion: `${client_assertion}.${client_assertion}` })
  for (const path of ['/oauth/introspect', '/oauth/revoke']) {
    await post(path, { token: own.body.access_token }, basic('backend'))
    await post(path, { token: `${second.body.refresh_token}x` }, basic('backend'))
    await post(path, { token: own.body.access_token, client_id: 'backend', client_secret: `${CLIENT_SECRET}!` })
  }
  await post('/oauth/revoke', { token: bound.body.refresh_token, client_id: 'app' })

  // A pushed request, opened twice and by a stranger.
  const pushing = server.request()
  secrets.keep('code_verifier', pushing.verifier)
  const pushed = await post('/oauth/par', pushing.params)
  const { request_uri } = pushed.body
  const query = new URLSearchParams({ client_id: 'app', request_uri }).toString()
  await code({ ...pushing, query: () => query })
  await browser.get(`/oauth/authorize?${query}`)
  await createBrowser(app).get(`/oauth/authorize?${query}x`)
  await post('/oauth/par', { ...pushing.params, request_uri })

  // OpenID: userinfo by header and form, and a sign-out that a client asks for.
  const signing = server.request({
    client_id: 'signer',
    redirect_uri: 'https://signer.example/callback',
    scope: 'openid',
  })
  const signed = (await token(signing.redeem(await code(signing)))).body
  const bearer = { authorization: `Bearer ${signed.access_token}` }
  await request(app).get('/oauth/userinfo').set(bearer)
  await post('/oauth/userinfo', { access_token: signed.access_token })
  await post('/oauth/userinfo', { access_token: signed.access_token }, bearer)
  await request(app)
    .get('/oauth/userinfo')
    .set({ authorization: `Bearer ${signed.access_token}x` })
  await request(app)
    .get('/oauth/userinfo')
    .set({ authorization: `DPoP ${bound.body.access_token}` })
  await browser.get(`/oauth/logout?id_token_hint=${signed.id_token}x`)
  const farewell = await browser.get('/oauth/logout')
  await browser.submit(farewell, { answer: 'stay' })
  await browser.get(`/oauth/logout?id_token_hint=${signed.id_token}`)

  // Secrets where they do not belong.
  const credentials = encodeURIComponent(basic('backend').authorization)
  const spare = await code(server.request())
  await browser.get(`/oauth/token?authorization=${credentials}&client_secret=${CLIENT_SECRET}`)
  await request(app).post(`/oauth/token?authorization=${credentials}`).type('form').send({ code: spare })
  await request(app).get(`/oauth/userinfo?access_token=${signed.access_token}`)
  for (const path of [`/${spare}`, `/interaction/${spare}`, `/oauth/token/${spare}`, `/%E0%A4%A/${spare}`]) {
    await browser.get(path)
  }
  await request(app)
    .get('/oauth/authorize')
    .set({ Referer: `https://app.example/#${signed.access_token}` })
  await request(app).get('/healthz').set({ 'X-Request-Id': spare, traceparent: spare, 'User-Agent': spare })
  await token({ grant_type: spare, code: spare })
  await token({ grant_type: 'authorization_code', client_id: 'app', redirect_uri: spare, code: spare })
  await request(app).post('/oauth/token').send({ password: alice.password, client_secret: CLIENT_SECRET })
  await request(app).post('/oauth/token').type('form').send(`code=${spare}&code=${spare}&client_secret=%ZZ`)
  await request(app).post('/oauth/token').type('form').send(`code=${spare}%00`)
  await token({ grant_type: 'client_credentials' }, { authorization: `Basic ${CLIENT_SECRET}` })
  await token({ grant_type: 'client_credentials' }, { authorization: `Bearer ${CLIENT_SECRET}` })
  await token({ grant_type: 'client_credentials' }, { authorization: `${CLIENT_SECRET}` })
  await browser.begin(server.request({ state: spare, scope: spare, resource: `urn:${spare}`, prompt: spare }))
  for (const misplaced of [spare, signed.access_token, request_uri, second.body.refresh_token]) {
    await browser.begin(server.request({ client_id: misplaced }))
    await browser.begin(server.request({ redirect_uri: `https://app.example/${misplaced}` }))
    await token({ grant_type: 'refresh_token', client_id: misplaced, refresh_token: 'x', resource: misplaced })
    await token({ grant_type: 'refresh_token', client_id: 'app', refresh_token: misplaced, scope: misplaced })
  }
  await browser.begin(server.request({ response_type: spare, nonce: spare, login_hint: alice.password }))
  for (const path of ['/.well-known/jwks.json', '/.well-known/openid-configuration', '/readyz']) await browser.get(path)
  secrets.keep('password', WRONG_PASSWORD)
  return secrets
}
