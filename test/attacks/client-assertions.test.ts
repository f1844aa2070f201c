import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { SignJWT } from 'jose'
import type request from 'supertest'
import {
  type AssertionServer,
  assertionServer,
  expectBelieved,
  expectRefused,
  makePartnerKeys,
  type PartnerKeys,
} from '../helpers/assertion-server.ts'
import { assertionClaims, type ClientKey, compact, makeClientKey } from '../helpers/client-key.ts'
import { documentServer } from '../helpers/document-server.ts'
import { CLIENT_SECRET } from '../helpers/fixtures.ts'

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
const open = async () => {
  server = await assertionServer(keys)
}
afterEach(() => server.close())

const sign: AssertionServer['sign'] = (...assertion) => server.sign(...assertion)
const present: AssertionServer['present'] = (...request) => server.present(...request)
const refused = (answer: request.Response, cause: string) => expectRefused(server, answer, cause)
const now = () => Math.floor(server.clock.now() / 1000)

describe('attacks on the signature of client assertions', () => {
  beforeEach(() => open())

  it('(the sound assertion that the attacks below start from is believed)', async () => {
    expectBelieved(await present(await sign('partner', ec)))
    expectBelieved(await present(await sign('partner', rsa)))
    expectBelieved(await present(await sign('hmac', CLIENT_SECRET)))
  })

  it.each(['none', 'None', 'NONE', 'nOnE', ''])(
    'The attacker signs with nothing and calls that the algorithm "%s"',
    async (alg) => {
      const claims = assertionClaims('partner', { now: now() })
      refused(await present(compact({ alg, kid: 'one' }, claims, '')), 'malformed-assertion')
      refused(await present(compact({ alg, kid: 'one' }, claims)), 'wrong-alg')
    },
  )

  it.each(['spki', 'jwk', 'n'] as const)(
    'The attacker makes an HMAC with the client’s public key (%s), which everyone has (CVE-2015-9235)',
    async (form) => {
      const key = createPublicKey({ key: rsa.jwk as JsonWebKey, format: 'jwk' })
      const secret = {
        spki: key.export({ format: 'pem', type: 'spki' }) as string,
        jwk: JSON.stringify(rsa.jwk),
        n: rsa.jwk.n as string,
      }[form]
      refused(await present(await sign('partner', secret)), 'wrong-auth-method')
      refused(await present(await sign('partner', secret, { header: { kid: 'two' } })), 'wrong-auth-method')
    },
  )

  it('The attacker brings a key of their own in the header (CVE-2018-0114), or its address, which nobody fetches', async () => {
    const evil = await makeClientKey('ES256', 'one')
    const site = await documentServer()
    site.serve({ keys: [evil.jwk] })
    for (const [name, value] of Object.entries({ jwk: evil.jwk, jku: site.url, x5u: site.url, x5c: ['AAAA'] })) {
      await open()
      const answer = await present(await sign('partner', evil, { header: { [name]: value } }))
      refused(answer, `assertion-with-${name}`)
      await server.close()
    }
    expect(site.requests).toHaveLength(0)
    await site.close()
    await open()
  })

  it('A header that demands an extension is refused even from the client itself (CVE-2025-59420)', async () => {
    const jws = await new SignJWT(assertionClaims('partner', { now: now() }))
      .setProtectedHeader({ alg: 'ES256', kid: 'one', crit: ['exp'], exp: 1 })
      .sign(ec.privateKey, { crit: { exp: true } })
    refused(await present(jws), 'assertion-with-crit')
  })

  it.each([
    '../../../../dev/null',
    '/dev/null',
    'https://evil.example/jwks',
    "' OR '1'='1",
    '; cat /etc/passwd',
    '__proto__',
    'constructor',
    'three',
    'ONE',
    'one ',
    '',
  ])('The kid %j is a name in the client’s own set or nothing', async (kid) => {
    refused(await present(await sign('partner', ec, { header: { kid } })), 'no-key-fits')
  })

  it('Another client signs with its own key in the name of this one', async () => {
    refused(await present(await sign('partner', others)), 'no-key-fits')
    refused(await present(await sign('partner', others, { header: { kid: 'one' } })), 'wrong-signature')
    refused(await present(await sign('partner', others, { header: { kid: undefined } })), 'wrong-signature')
    const mixed = await sign('partner', others, { claims: { iss: 'other' }, header: { kid: undefined } })
    refused(await present(mixed), 'wrong-signature')
  })

  it('Another client sends its own sound assertion with the client_id of this one', async () => {
    refused(await present(await sign('other', others), { client_id: 'partner' }), 'two-client-ids')
  })

  it('The attacker changes a claim and leaves the signature as it was', async () => {
    const [header, , signature] = (await sign('other', others)).split('.')
    const claims = Buffer.from(JSON.stringify(assertionClaims('other', { now: now() }))).toString('base64url')
    refused(await present(`${header}.${claims}.${signature}`), 'wrong-signature')
  })

  it('An algorithm that the client is not registered for is refused, though its key could do it', async () => {
    refused(await present(await sign('pinned', rsa)), 'wrong-alg')
    expectBelieved(await present(await sign('pinned', ec)))
  })

  it('A weaker or stronger HMAC than HS256, or the wrong secret, is refused', async () => {
    const secret = new TextEncoder().encode(CLIENT_SECRET.padEnd(64, 'x'))
    const jws = await new SignJWT(assertionClaims('hmac', { now: now() }))
      .setProtectedHeader({ alg: 'HS512' })
      .sign(secret)
    refused(await present(jws), 'wrong-alg')
    refused(await present(await sign('hmac', `${CLIENT_SECRET}.`)), 'wrong-signature')
  })

  it('The hash of a secret, as a configuration may show it, is not the secret', async () => {
    const hash = server.deps.clients.find('hmac')?.secretHashes[0] as string
    refused(await present(await sign('hmac', hash)), 'wrong-signature')
  })
})

describe('attacks on the claims of client assertions', () => {
  beforeEach(() => open())
  const issuer = 'http://localhost:3000'

  it.each<[string, () => Record<string, unknown>, string]>([
    ['Another server replays here what was made for it', () => ({ aud: 'https://other.example' }), 'wrong-aud'],
    [
      'Another server has its clients name both of us (CVE-2025-27370)',
      () => ({ aud: [issuer, 'https://other.example'] }),
      'wrong-aud',
    ],
    ['A list of one audience leaves room for a second', () => ({ aud: [issuer] }), 'wrong-aud'],
    [
      'Another server’s metadata name our token endpoint as its own (CVE-2025-27371)',
      () => ({ aud: `${issuer}/oauth/token` }),
      'wrong-aud',
    ],
    ['An assertion without audience is good everywhere', () => ({ aud: undefined }), 'wrong-aud'],
    ['A stolen assertion is over', () => ({ exp: now() - 30 }), 'assertion-expired'],
    ['A stolen assertion without exp would never be over', () => ({ exp: undefined }), 'no-exp'],
    ['An exp a year ahead would be good for a year', () => ({ exp: now() + 31_536_000 }), 'exp-too-far-away'],
    ['An assertion made in advance is not yet good', () => ({ nbf: now() + 60 }), 'assertion-not-yet-valid'],
    ['An assertion from the future', () => ({ iat: now() + 60 }), 'assertion-from-the-future'],
    ['Without a jti it could be used again', () => ({ jti: undefined }), 'no-jti'],
    ['An ID token of somebody is no proof of a client', () => ({ iss: issuer }), 'wrong-iss'],
  ])('%s: refused', async (_what, claims, cause) => {
    refused(await present(await sign('partner', ec, { claims: claims() })), cause)
  })

  it('An access token is no proof of a client: its typ tells it apart (RFC 8725 §3.11)', async () => {
    refused(await present(await sign('partner', ec, { header: { typ: 'at+jwt' } })), 'wrong-typ')
  })

  it('Another type of assertion is not taken for ours', async () => {
    const saml = 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer'
    const answer = await present(await sign('partner', ec), { client_assertion_type: saml })
    refused(answer, 'wrong-assertion-type')
  })

  it('A client that does not exist is refused in the same words', async () => {
    refused(await present(await sign('nobody', ec)), 'unknown-client')
  })

  it('An assertion beyond 8 KB is refused before anything is read of it', async () => {
    const claims = { padding: 'x'.repeat(8192) }
    refused(await present(await sign('partner', ec, { claims })), 'assertion-too-large')
  })
})
