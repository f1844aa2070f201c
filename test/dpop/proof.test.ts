import { createHmac } from 'node:crypto'
import { type CryptoKey, exportSPKI, importJWK } from 'jose'
import { DPOP_ALGORITHMS, readProof } from '../../src/dpop/proof.ts'
import { compact } from '../helpers/client-key.ts'
import { makeProofKey, type ProofKey, proofClaims, proofHeader, signProof } from '../helpers/dpop.ts'

let key: ProofKey
let other: ProofKey
beforeAll(async () => {
  key = await makeProofKey()
  other = await makeProofKey()
})

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

it.each(DPOP_ALGORITHMS)('reads a proof signed with %s and names its key by the thumbprint (RFC 7638)', async (alg) => {
  const own = await makeProofKey(alg)
  const proof = await readProof([await signProof(own, { claims: { jti: 'one' } })])
  expect(proof).toMatchObject({ jkt: own.jkt, claims: { jti: 'one' } })
})

it('has the thumbprint of RFC 7638 §3.1', async () => {
  // Only the members that make the key count, so what else the client writes into its jwk changes no binding.
  const jwk = { ...key.jwk, kid: 'mine', use: 'sig', alg: 'ES256' }
  expect(await readProof([await signProof(key, { header: { jwk } })])).toMatchObject({ jkt: key.jkt })
})

it('takes a kid for a name and looks nothing up by it', async () => {
  const proof = await signProof(key, { header: { kid: other.jkt } })
  expect(await readProof([proof])).toMatchObject({ jkt: key.jkt })
})

it.each([
  ['no typ', { typ: undefined }, 'wrong-typ'],
  ['typ JWT', { typ: 'JWT' }, 'wrong-typ'],
  ['typ at+jwt', { typ: 'at+jwt' }, 'wrong-typ'],
  ['typ in capitals', { typ: 'DPOP+JWT' }, 'wrong-typ'],
  ['jku', { jku: 'https://evil.example/jwks' }, 'proof-with-jku'],
  ['x5u', { x5u: 'https://evil.example/cert' }, 'proof-with-x5u'],
  ['x5c', { x5c: ['MIIB'] }, 'proof-with-x5c'],
])('refuses the header with %s', async (_what, header, cause) => {
  expect(await readProof([await signProof(key, { header })])).toEqual({ cause })
})

it('refuses extensions, known to the library or not (RFC 7515 §4.1.11)', async () => {
  for (const header of [{ crit: ['b64'], b64: true }, { crit: ['exp'], exp: 1 }, { crit: [] }]) {
    const proof = compact(proofHeader(key, { header }), proofClaims())
    expect(await readProof([proof])).toEqual({ cause: 'proof-with-crit' })
  }
})

it('refuses alg none, with and without a signature', async () => {
  const header = proofHeader(key, { header: { alg: 'none' } })
  expect(await readProof([compact(header, proofClaims())])).toEqual({ cause: 'wrong-alg' })
  expect(await readProof([`${base64url(header)}.${base64url(proofClaims())}.`])).toEqual({ cause: 'malformed-proof' })
})

it('refuses an HMAC made with the public key, which anyone has (CVE-2015-9235)', async () => {
  const publicKey = (await importJWK(key.jwk, 'ES256', { extractable: true })) as CryptoKey
  const input = `${base64url(proofHeader(key, { header: { alg: 'HS256' } }))}.${base64url(proofClaims())}`
  const signature = createHmac('sha256', await exportSPKI(publicKey))
    .update(input)
    .digest('base64url')
  expect(await readProof([`${input}.${signature}`])).toEqual({ cause: 'wrong-alg' })
})

it.each(['ES384', 'ES512', 'RS512', 'PS384', 'HS512', 'es256', 'toString'])('refuses alg %s', async (alg) => {
  const proof = compact(proofHeader(key, { header: { alg } }), proofClaims())
  expect(await readProof([proof])).toEqual({ cause: 'wrong-alg' })
})

it('refuses an algorithm that does not go with the key', async () => {
  for (const alg of ['RS256', 'PS256', 'EdDSA']) {
    const proof = compact(proofHeader(key, { header: { alg } }), proofClaims())
    expect(await readProof([proof])).toEqual({ cause: 'wrong-alg' })
  }
})

it('refuses a private key in the open (RFC 9449 §4.3)', async () => {
  for (const alg of ['ES256', 'EdDSA', 'RS256']) {
    const own = await makeProofKey(alg)
    const proof = await signProof(own, { header: { jwk: own.privateJwk } })
    expect(await readProof([proof])).toEqual({ cause: 'private-jwk' })
    // Any one member of it is too much.
    for (const member of ['p', 'q', 'dp', 'dq', 'qi', 'oth']) {
      const leaking = compact(proofHeader(own, { header: { jwk: { ...own.jwk, [member]: 'AQ' } } }), proofClaims())
      expect(await readProof([leaking])).toHaveProperty('cause')
    }
  }
  const symmetric = { kty: 'oct', k: Buffer.alloc(32).toString('base64url') }
  const proof = compact(proofHeader(key, { header: { jwk: symmetric } }), proofClaims())
  expect(await readProof([proof])).toEqual({ cause: 'private-jwk' })
})

it.each([
  ['none', undefined],
  ['a text', 'key'],
  ['a list', []],
  ['null', null],
  ['a set', { keys: [] }],
  ['another curve', { kty: 'EC', crv: 'P-384', x: 'AA', y: 'AA' }],
  ['a point off the curve', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }],
  ['a short RSA key', { kty: 'RSA', e: 'AQAB', n: 'x'.repeat(171) }],
])('refuses a jwk that is %s', async (_what, jwk) => {
  const proof = compact(proofHeader(key, { header: { jwk } }), proofClaims())
  expect(await readProof([proof])).toEqual({ cause: 'malformed-jwk' })
})

it('refuses a second spelling of a key, which would be a second thumbprint for it', async () => {
  const padded = { ...key.jwk, x: `${key.jwk.x}=` }
  expect(await readProof([await signProof(key, { header: { jwk: padded } })])).toEqual({ cause: 'malformed-jwk' })
})

it('refuses a signature by another key, a changed one, and one for other claims', async () => {
  const foreign = await signProof({ ...other, jwk: key.jwk })
  expect(await readProof([foreign])).toEqual({ cause: 'wrong-signature' })
  const [header, , signature] = (await signProof(key)).split('.')
  const swapped = `${header}.${base64url(proofClaims())}.${signature}`
  expect(await readProof([swapped])).toEqual({ cause: 'wrong-signature' })
})

it('refuses more than one proof: two header fields, or two folded into one (RFC 9449 §4.3)', async () => {
  const [one, two] = [await signProof(key), await signProof(key)]
  for (const fields of [[one, two], [one, one], [one, ''], [`${one}, ${two}`], [`${one},${one}`], [`${one},`]]) {
    expect(await readProof(fields)).toEqual({ cause: 'two-proofs' })
  }
})

it.each([
  ['empty', ''],
  ['two parts', 'e30.e30'],
  ['four parts', 'e30.e30.e30.e30'],
  ['JSON serialization', '{"payload":"e30"}'],
  ['a header that is no object', 'W10.e30.c2ln'],
  ['a header that is no JSON', 'eA.e30.c2ln'],
  ['padding', 'e30=.e30.c2ln'],
  ['blanks', ' e30.e30.c2ln'],
])('refuses what is no compact JWS: %s', async (_what, jws) => {
  expect(await readProof([jws])).toEqual({ cause: 'malformed-proof' })
})

it('refuses claims that are no object', async () => {
  const header = base64url(proofHeader(key))
  expect(await readProof([`${header}.W10.c2ln`])).toEqual({ cause: 'wrong-signature' })
})

it('refuses what is larger than 4 KB before it does any work on it', async () => {
  const large = await signProof(key, { claims: { padding: 'x'.repeat(3500) } })
  expect(large.length).toBeGreaterThan(4096)
  expect(await readProof([large])).toEqual({ cause: 'proof-too-large' })
})
