import request from 'supertest'
import {
  type AssertionServer,
  assertionServer,
  expectBelieved,
  expectRefused,
  makePartnerKeys,
  type PartnerKeys,
} from '../helpers/assertion-server.ts'
import { type ClientKey, JWT_BEARER } from '../helpers/client-key.ts'
import { CLIENT_SECRET } from '../helpers/fixtures.ts'
import { onBothStores, type StoreName } from '../helpers/server.ts'

// Each test has a server of its own: a few failures in a row would make it wait before it judges another.
let keys: PartnerKeys
let ec: ClientKey
let rsa: ClientKey
let others: ClientKey
let server: AssertionServer
beforeAll(async () => {
  keys = await makePartnerKeys()
  ;({ ec, rsa, others } = keys)
})
const open = async (store: StoreName = 'memory') => {
  server = await assertionServer(keys, store)
}
afterEach(() => server.close())

const sign: AssertionServer['sign'] = (...assertion) => server.sign(...assertion)
const present: AssertionServer['present'] = (...request) => server.present(...request)
const refused = (answer: request.Response, cause: string) => expectRefused(server, answer, cause)

onBothStores('replay of client assertions', (store) => {
  beforeEach(() => open(store))

  it('The attacker reads an assertion in a log and sends it again (GHSA-3p3g-vpw6-4w66)', async () => {
    const assertion = await sign('partner', ec)
    expectBelieved(await present(assertion))
    refused(await present(assertion), 'assertion-replayed')
    server.clock.advance({ seconds: 89 })
    refused(await present(assertion), 'assertion-replayed')
    server.clock.advance({ seconds: 1 })
    refused(await present(assertion), 'assertion-expired')
  })

  it('Fifty parallel uses of one assertion: one is believed', async () => {
    const assertion = await sign('partner', ec)
    const answers = await Promise.all(Array.from({ length: 50 }, () => present(assertion)))
    expect(answers.filter(({ body }) => body.error === 'invalid_grant')).toHaveLength(1)
    // The others are refused; after some of them the server no longer even says so.
    const refused = answers.filter(({ status }) => status === 401 || status === 429)
    expect(refused).toHaveLength(49)
  })

  it('Another signature over the same jti is the same assertion', async () => {
    const claims = { jti: 'once' }
    expectBelieved(await present(await sign('partner', ec, { claims })))
    refused(await present(await sign('partner', ec, { claims })), 'assertion-replayed')
    refused(await present(await sign('partner', rsa, { claims })), 'assertion-replayed')
  })

  it('A stranger cannot use a jti up, and clients do not meet in theirs', async () => {
    const claims = { jti: 'once' }
    const forged = await sign('partner', others, { claims, header: { kid: 'one' } })
    refused(await present(forged), 'wrong-signature')
    expectBelieved(await present(await sign('other', others, { claims })))
    expectBelieved(await present(await sign('partner', ec, { claims })))
  })
})

describe('mixing methods', () => {
  beforeEach(() => open())

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['a secret in the form', { client_id: 'post', client_secret: CLIENT_SECRET }, {}],
    ['a wrong secret in the form', { client_secret: 'wrong' }, {}],
    ['a Basic header', {}, { Authorization: `Basic ${Buffer.from(`post:${CLIENT_SECRET}`).toString('base64')}` }],
  ])(
    'An assertion and %s: refused as a whole (RFC 6749 §2.3), and the assertion is not used up',
    async (_what, form, headers) => {
      const client_assertion = await sign('partner', ec)
      const answer = await present(client_assertion, form, headers)
      expect(answer.status).toBe(400)
      expect(answer.body.error).toBe('invalid_request')
      expectBelieved(await present(client_assertion))
    },
  )

  it('Half an assertion is told what it lacks, and is not taken for a public client', async () => {
    const form = { grant_type: 'refresh_token', refresh_token: 'none', client_id: 'partner' }
    const untyped = await server.token({ ...form, client_assertion: await sign('partner', ec) })
    expect(untyped.body).toEqual({
      error: 'invalid_request',
      error_description: 'missing parameter: client_assertion_type',
    })
    const empty = await server.token({ ...form, client_assertion_type: JWT_BEARER })
    expect(empty.body.error_description).toBe('missing parameter: client_assertion')
    refused(await server.token(form), 'wrong-auth-method')
  })

  it('A client of one method is not believed by another', async () => {
    refused(await present(await sign('post', CLIENT_SECRET)), 'wrong-auth-method')
    refused(await present(await sign('hmac', ec)), 'wrong-auth-method')
    const secret = { grant_type: 'refresh_token', refresh_token: 'none', client_secret: CLIENT_SECRET }
    refused(await server.token({ ...secret, client_id: 'hmac' }), 'wrong-auth-method')
    refused(await server.token({ ...secret, client_id: 'partner' }), 'wrong-secret')
  })

  it('What proves a client in the query string, where logs keep it, proves nothing (RFC 6749 §2.3.1)', async () => {
    const post = (query: Record<string, string>) =>
      request(server.app)
        .post(`/oauth/token?${new URLSearchParams(query)}`)
        .type('form')
        .send({ grant_type: 'refresh_token', refresh_token: 'none', client_id: query.client_id })
    refused(await post({ client_id: 'post', client_secret: CLIENT_SECRET }), 'wrong-auth-method')
    const client_assertion = await sign('partner', ec)
    const inQuery = { client_id: 'partner', client_assertion, client_assertion_type: JWT_BEARER }
    refused(await post(inQuery), 'wrong-auth-method')
    expectBelieved(await present(client_assertion))
  })

  it('No assertion and no secret is in the log, whatever became of it', async () => {
    const assertion = await sign('partner', ec)
    await present(assertion)
    await present(assertion)
    const hmac = await sign('hmac', CLIENT_SECRET)
    await present(hmac, { client_id: 'partner' })
    const log = server.logText()
    expect(log.length).toBeGreaterThan(300)
    for (const secret of [assertion, hmac, CLIENT_SECRET]) {
      expect(log).not.toContain(secret)
      expect(log).not.toContain(secret.split('.').at(-1))
    }
  })
})
