import { sha256 } from '../../src/lib/digest.ts'
import { CLIENT_SECRET, confidentialClient } from '../helpers/fixtures.ts'
import { authenticate, basic, encodedBasic, refusalOf, registryOf } from './attempt.ts'

describe('the Basic header', () => {
  const clients = registryOf(confidentialClient)
  const token = Buffer.from(`backend:${CLIENT_SECRET}`).toString('base64')

  it.each(['Basic', 'basic', 'BASIC', 'bAsIc'])('has the scheme %s in any case (RFC 9110 §11.1)', async (scheme) => {
    expect((await authenticate(clients, { header: `${scheme} ${token}` })).client_id).toBe('backend')
  })

  it('may come without padding', async () => {
    const unpadded = basic('backend', CLIENT_SECRET).replace(/=+$/, '')
    expect(unpadded).not.toBe(basic('backend', CLIENT_SECRET))
    expect((await authenticate(clients, { header: unpadded })).client_id).toBe('backend')
  })

  it.each([
    ['no credentials', 'Basic'],
    ['a blank and no credentials', 'Basic '],
    ['no blank', `Basic${token}`],
    ['another scheme', `Bearer ${token}`],
    ['a longer scheme', `XBasic ${token}`],
    ['credentials as they are', `Basic backend:${CLIENT_SECRET}`],
    ['no colon', `Basic ${Buffer.from('backend').toString('base64')}`],
    ['no base64', 'Basic %%%'],
    ['the URL alphabet', `Basic ${Buffer.from('backend:ÿþ?>').toString('base64url')}`],
    ['base64 with something after it', `Basic ${token}, realm=x`],
    ['something after a blank', `Basic ${token} x`],
    ['two headers in one', `Basic ${token}, Basic ${token}`],
    ['base64 with a line end', `Basic ${token}\n`],
    ['base64 with spare bits', `Basic ${Buffer.from('a:bb').toString('base64').replace('Yg==', 'Yh==')}`],
    ['bytes that are not UTF-8', `Basic ${Buffer.from('backend:é', 'latin1').toString('base64')}`],
  ])('is refused before any client is looked up: %s (RFC 7617 §2)', async (_, header) => {
    expect(await refusalOf(clients, { header })).toMatchObject({
      code: 'invalid_client',
      status: 401,
      cause: 'malformed-basic-header',
    })
  })
})

describe('a secret with special characters', () => {
  const ids = ['backend', 'client+1%2F', 'https://app.example/client']
  const secrets = [
    'all+the %signs/and:colons?&=of-a-secret',
    'a%20b%2Bc-looks-encoded-but-is-not-encoded',
    'a+b+c+d+e+f+g+h+i+j+k+l+m+n+o+p+q+r+s+t',
    '100% of it, and a % at the end of it all %',
    'pässwörter-sind-auch-länger-als-32-zeichen',
  ]
  const pairs = ids
    .flatMap((id) => secrets.map((secret): [string, string] => [id, secret]))
    .filter(([id]) => /^[!-~]+$/.test(id))

  it.each(pairs)('is taken form-encoded: %s %s (RFC 6749 §2.3.1)', async (client_id, client_secret) => {
    const clients = registryOf({ ...confidentialClient, client_id, client_secret })
    expect((await authenticate(clients, { header: encodedBasic(client_id, client_secret) })).client_id).toBe(client_id)
    expect((await authenticate(clients, { form: { client_id, client_secret } })).client_id).toBe(client_id)
  })

  it.each(pairs.filter(([id]) => !id.includes(':')))(
    'is taken raw, as many libraries send it: %s %s',
    async (client_id, client_secret) => {
      const clients = registryOf({ ...confidentialClient, client_id, client_secret })
      expect((await authenticate(clients, { header: basic(client_id, client_secret) })).client_id).toBe(client_id)
    },
  )

  it.each(['client+1', 'client%2B1', 'client%zz'])('belongs to the client whose raw name is %s', async (client_id) => {
    const clients = registryOf({ ...confidentialClient, client_id })
    expect((await authenticate(clients, { header: basic(client_id, CLIENT_SECRET) })).client_id).toBe(client_id)
  })

  it('is not taken in the form that it would have decoded, or decoded twice', async () => {
    const client_secret = 'a%2520b-of-more-than-thirty-two-characters'
    const clients = registryOf({ ...confidentialClient, client_secret })
    for (const wrong of ['a%20b-of-more-than-thirty-two-characters', 'a b-of-more-than-thirty-two-characters']) {
      expect((await refusalOf(clients, { header: basic('backend', wrong) })).cause).toBe('wrong-secret')
      expect((await refusalOf(clients, { form: { client_id: 'backend', client_secret: wrong } })).cause).toBe(
        'wrong-secret',
      )
    }
  })

  it('of one reading never opens the client of the other', async () => {
    const mine = { ...confidentialClient, client_id: 'a%2Bb', client_secret: 'the-secret-of-the-raw-name-0123456789' }
    const other = {
      ...confidentialClient,
      client_id: 'a+b',
      client_secret: 'the-secret-of-the-decoded-name-0123456789',
    }
    const clients = registryOf(mine, other)
    // The header names both: decoded it is a+b, raw it is a%2Bb. Each secret can only prove its own client.
    expect((await authenticate(clients, { header: basic('a%2Bb', other.client_secret) })).client_id).toBe('a+b')
    const opened = await authenticate(clients, { header: basic('a%2Bb', mine.client_secret) }).catch(() => undefined)
    expect(opened?.client_id).not.toBe('a+b')
    expect((await refusalOf(clients, { header: basic('a+b', mine.client_secret) })).cause).toBe('wrong-secret')
  })

  it('is cut from the name at the first colon', async () => {
    const client_secret = ':begins-and-ends-with-a-colon-0123456789:'
    const clients = registryOf({ ...confidentialClient, client_secret })
    expect((await authenticate(clients, { header: basic('backend', client_secret) })).client_id).toBe('backend')
  })
})

describe('two live secrets', () => {
  const NEXT = 'the-next-client-secret-of-more-than-32-characters'

  it.each([
    ['both plain', { client_secret: [CLIENT_SECRET, NEXT] }],
    ['both hashed', { client_secret_hash: [`sha256:${sha256(CLIENT_SECRET)}`, `sha256:${sha256(NEXT)}`] }],
    ['one of each', { client_secret: NEXT, client_secret_hash: `sha256:${sha256(CLIENT_SECRET)}` }],
  ])('both open, and nothing else does: %s', async (_, secrets) => {
    const clients = registryOf({ ...confidentialClient, client_secret: undefined, ...secrets })
    for (const secret of [CLIENT_SECRET, NEXT]) {
      expect((await authenticate(clients, { header: basic('backend', secret) })).client_id).toBe('backend')
    }
    for (const secret of [CLIENT_SECRET + NEXT, `${CLIENT_SECRET},${NEXT}`, '']) {
      expect((await refusalOf(clients, { header: basic('backend', secret) })).cause).toBe('wrong-secret')
    }
  })
})

it('does not take the hash of a secret as the secret', async () => {
  const hash = `sha256:${sha256(CLIENT_SECRET)}`
  const clients = registryOf({ ...confidentialClient, client_secret: undefined, client_secret_hash: hash })
  for (const secret of [hash, sha256(CLIENT_SECRET)]) {
    expect((await refusalOf(clients, { header: basic('backend', secret) })).cause).toBe('wrong-secret')
  }
})
