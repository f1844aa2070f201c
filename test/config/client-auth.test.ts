import { inspect } from 'node:util'
import { exportJWK, exportPKCS8, generateKeyPair } from 'jose'
import { loadConfig } from '../../src/config/load.ts'
import { ConfigError } from '../../src/config/problem.ts'
import { supported } from '../../src/deps.ts'
import type { Client } from '../../src/oauth/client.ts'
import { type ClientKey, makeClientKey } from '../helpers/client-key.ts'
import { CLIENT_SECRET, publicClient } from '../helpers/fixtures.ts'
import { testEnvironment } from '../helpers/server.ts'

const SECRET_HASH = `sha256:${'A'.repeat(43)}`
const URI = 'https://partner.example/jwks'

let ec: ClientKey
let rsa: ClientKey
beforeAll(async () => {
  ec = await makeClientKey('ES256', 'one')
  rsa = await makeClientKey('RS256', 'two')
})

/** The client as it was read, or the lines of the refusal. */
function read(metadata: object, env: Record<string, string> = {}): Client | readonly string[] {
  const { token_endpoint_auth_method: _, ...client } = publicClient
  const clients = [{ ...client, client_id: 'partner', ...metadata }]
  try {
    return loadConfig(testEnvironment({ clients, env }), supported, () => '').clients[0] as Client
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems
  }
}
const refusal = (line: string) => [`CLIENTS[0] (client "partner"): ${line}`]

describe('clients with keys', () => {
  it('have them in jwks or at a jwks_uri, and their method is clear from that', () => {
    const inline = read({ jwks: { keys: [ec.jwk, rsa.jwk] } }) as Client
    expect(inline.token_endpoint_auth_method).toBe('private_key_jwt')
    expect(inline.jwks?.map(({ kid, algorithms }) => [kid, algorithms])).toEqual([
      ['one', ['ES256']],
      ['two', ['RS256', 'PS256']],
    ])
    expect(read({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri: URI })).toMatchObject({ jwks_uri: URI })
  })

  it.each([
    ['ES256', () => ec],
    ['RS256', () => rsa],
    ['PS256', () => rsa],
  ])('may keep to %s', (alg, key) => {
    expect(read({ jwks: { keys: [key().jwk] }, token_endpoint_auth_signing_alg: alg })).toMatchObject({
      token_endpoint_auth_signing_alg: alg,
    })
  })

  it('are refused a private key, by its name and without a piece of it', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const jwk = { ...(await exportJWK(privateKey)), kid: 'leaked' }
    const lines = read({ jwks: { keys: [ec.jwk, jwk] } }) as string[]
    expect(lines).toEqual(
      refusal(
        'jwks keys[1] (kid "leaked") is a private key; only its public part belongs here, and this key is no secret any more',
      ),
    )
    expect(lines.join()).not.toContain(jwk.d)
    expect(lines.join()).not.toContain((await exportPKCS8(privateKey)).slice(30, 60))
  })

  it.each<[string, () => object, string]>([
    ['a list', () => ({ jwks: [ec.jwk] }), 'jwks must be a JWKS: {"keys":[...]}'],
    ['text', () => ({ jwks: '{"keys":[]}' }), 'jwks must be a JWKS: {"keys":[...]}'],
    ['no key', () => ({ jwks: { keys: [] } }), 'jwks must have at least one key'],
    ['a number', () => ({ jwks: { keys: [1] } }), 'jwks keys[0] must be an object'],
    [
      'a secret',
      () => ({ jwks: { keys: [{ kty: 'oct', k: 'AAAA' }] } }),
      'jwks keys[0] is a private key; only its public part belongs here, and this key is no secret any more',
    ],
    [
      'another curve',
      () => ({ jwks: { keys: [{ kty: 'EC', crv: 'P-521', kid: 'big' }] } }),
      'jwks keys[0] (kid "big") must be of kty EC with crv P-256, OKP with crv Ed25519, or RSA',
    ],
    [
      'another use',
      () => ({ jwks: { keys: [{ ...ec.jwk, use: 'enc' }] } }),
      'jwks keys[0] (kid "one") is not for signatures: its use must be sig',
    ],
    [
      'other key_ops',
      () => ({ jwks: { keys: [{ ...ec.jwk, key_ops: ['encrypt'] }] } }),
      'jwks keys[0] (kid "one") is not for signatures: its key_ops must have verify',
    ],
    [
      'an alg of another key',
      () => ({ jwks: { keys: [{ ...ec.jwk, alg: 'RS256' }] } }),
      'jwks keys[0] (kid "one") has an alg that does not fit it; right would be ES256',
    ],
    [
      'a point that is not on the curve',
      () => ({ jwks: { keys: [{ ...ec.jwk, x: 'A'.repeat(43) }] } }),
      'jwks keys[0] (kid "one") is not a valid key',
    ],
    [
      'a kid that is a number',
      () => ({ jwks: { keys: [{ ...ec.jwk, kid: 1 }] } }),
      'jwks keys[0] has a kid that is not text of 1 to 256 characters',
    ],
    ['one kid twice', () => ({ jwks: { keys: [ec.jwk, { ...rsa.jwk, kid: 'one' }] } }), 'jwks has the kid "one" twice'],
    [
      'jwks and jwks_uri',
      () => ({ jwks: { keys: [ec.jwk] }, jwks_uri: URI }),
      'jwks and jwks_uri do not go together; leave one of them out (RFC 7591 §2)',
    ],
    [
      'no keys',
      () => ({ token_endpoint_auth_method: 'private_key_jwt' }),
      "token_endpoint_auth_method private_key_jwt needs the client's public keys, in jwks or at a jwks_uri",
    ],
    [
      'a secret beside them',
      () => ({
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [ec.jwk] },
        client_secret: CLIENT_SECRET,
      }),
      'token_endpoint_auth_method private_key_jwt does not go with a client_secret; leave one of them out',
    ],
    [
      'the method none',
      () => ({ token_endpoint_auth_method: 'none', jwks: { keys: [ec.jwk] } }),
      'token_endpoint_auth_method none does not go with keys; leave jwks and jwks_uri out, or use private_key_jwt',
    ],
    [
      'an algorithm that none of them fits',
      () => ({ jwks: { keys: [ec.jwk] }, token_endpoint_auth_signing_alg: 'RS256' }),
      'token_endpoint_auth_signing_alg RS256 fits none of the keys in jwks',
    ],
    [
      'an HMAC',
      () => ({ jwks: { keys: [ec.jwk] }, token_endpoint_auth_signing_alg: 'HS256' }),
      'token_endpoint_auth_signing_alg must be one of ES256, EdDSA, Ed25519, RS256, PS256, not "HS256"',
    ],
    [
      'the algorithm none',
      () => ({ jwks_uri: URI, token_endpoint_auth_signing_alg: 'none' }),
      'token_endpoint_auth_signing_alg must be one of ES256, EdDSA, Ed25519, RS256, PS256, not "none"',
    ],
    ['a slip in a name', () => ({ jwk: { keys: [ec.jwk] } }), '"jwk" is unknown; did you mean jwks?'],
  ])('are refused with %s', (_what, metadata, line) => expect(read(metadata())).toEqual(refusal(line)))

  it('are refused RSA keys that are too short', async () => {
    const n = Buffer.alloc(128, 0xff).toString('base64url')
    expect(read({ jwks: { keys: [{ kty: 'RSA', n, e: 'AQAB' }] } })).toEqual(
      refusal('jwks keys[0] must have 2048 to 8192 bits (RFC 7518 §3.3)'),
    )
  })
})

describe('the address of keys', () => {
  const elsewhere = 'which is no public address; put the keys in jwks instead'

  it.each([
    ['jwks', 'must be a URL, not "jwks"'],
    ['http://partner.example/jwks', 'must begin with https://, not "http://partner.example/jwks"'],
    ['file:///etc/passwd', 'must begin with https://, not "file:///etc/passwd"'],
    ['https://user:pass@partner.example/jwks', 'must not have a user name or password'],
    ['https://partner.example/jwks#one', 'must not have a fragment'],
    ['https://10.0.0.1/jwks', `must not lead to 10.0.0.1, ${elsewhere}`],
    ['https://2130706434/jwks', `must not lead to 127.0.0.2, ${elsewhere}`],
    ['https://[::ffff:169.254.169.254]/', `must not lead to ::ffff:a9fe:a9fe, ${elsewhere}`],
  ])('%s is refused', (jwks_uri, line) => expect(read({ jwks_uri })).toEqual(refusal(`jwks_uri ${line}`)))

  it('may be this machine itself, except in production', () => {
    const jwks_uri = 'http://localhost:8080/jwks'
    expect(read({ jwks_uri })).toMatchObject({ jwks_uri })
    const line = 'CLIENTS[0] (client "partner"): jwks_uri must begin with https://, not "http://localhost:8080/jwks"'
    expect(read({ jwks_uri }, { NODE_ENV: 'production' })).toContain(line)
    const secure = 'CLIENTS[0] (client "partner"): jwks_uri must not lead to localhost'
    const refused = read({ jwks_uri: 'https://localhost/jwks' }, { NODE_ENV: 'production' })
    expect(refused).toContainEqual(expect.stringContaining(secure))
  })
})

describe('clients that make HMACs with their secret', () => {
  const method = { token_endpoint_auth_method: 'client_secret_jwt' }

  it('may have two live secrets, which show nowhere', () => {
    const client = read({ ...method, client_secret: [CLIENT_SECRET, `${CLIENT_SECRET}-2`] }) as Client
    expect(client.hmacKeys).toHaveLength(2)
    for (const text of [JSON.stringify(client), inspect(client, { depth: 9, showHidden: true })]) {
      expect(text).not.toContain(CLIENT_SECRET)
      expect(text).not.toContain(Buffer.from(CLIENT_SECRET).toString('hex').slice(0, 20))
    }
  })

  it('are the only ones whose plain secret is kept at all', () => {
    expect(read({ client_secret: CLIENT_SECRET })).not.toHaveProperty('hmacKeys')
  })

  it.each([
    ['no secret', {}, 'token_endpoint_auth_method client_secret_jwt needs a client_secret'],
    [
      'a hash',
      { client_secret_hash: SECRET_HASH },
      'token_endpoint_auth_method client_secret_jwt needs a plain client_secret: from a client_secret_hash no HMAC can be made',
    ],
    [
      'a secret and a hash',
      { client_secret: CLIENT_SECRET, client_secret_hash: SECRET_HASH },
      'token_endpoint_auth_method client_secret_jwt needs a plain client_secret: from a client_secret_hash no HMAC can be made',
    ],
    [
      'a stronger HMAC',
      { client_secret: CLIENT_SECRET, token_endpoint_auth_signing_alg: 'HS512' },
      'token_endpoint_auth_signing_alg must be one of HS256, not "HS512"',
    ],
    ['a short secret', { client_secret: 'short' }, 'client_secret must have at least 32 characters'],
  ])('are refused with %s', (_what, metadata, line) => {
    expect(read({ ...method, ...metadata })).toEqual(refusal(line))
  })
})

describe('clients with a secret', () => {
  it.each([
    [
      'no secret',
      { token_endpoint_auth_method: 'client_secret_post' },
      'token_endpoint_auth_method client_secret_post needs a client_secret or client_secret_hash',
    ],
    [
      'the method none',
      { token_endpoint_auth_method: 'none', client_secret: CLIENT_SECRET },
      'token_endpoint_auth_method none does not go with a client_secret; leave one of them out',
    ],
    [
      'three live secrets',
      { client_secret: [CLIENT_SECRET, `${CLIENT_SECRET}2`], client_secret_hash: SECRET_HASH },
      'has more than two live secrets in client_secret and client_secret_hash',
    ],
    [
      'an algorithm',
      { client_secret: CLIENT_SECRET, token_endpoint_auth_signing_alg: 'HS256' },
      'token_endpoint_auth_signing_alg does not go with token_endpoint_auth_method client_secret_basic, which signs nothing; leave it out',
    ],
  ])('are refused with %s', (_what, metadata, line) => expect(read(metadata)).toEqual(refusal(line)))
})
