import { type ClientKeys, createClientKeys } from '../../src/clients/client-keys.ts'
import { FetchRefused } from '../../src/lib/safe-fetch.ts'
import type { Client } from '../../src/oauth/client.ts'
import { type PublicKey, readPublicKey } from '../../src/oauth/public-key.ts'
import { type ClientKey, makeClientKey } from '../helpers/client-key.ts'
import { createTestClock, type TestClock } from '../helpers/clock.ts'

const URI = 'https://partner.example/jwks'

let ec: ClientKey
let other: ClientKey
let rsa: ClientKey
let ed: ClientKey
beforeAll(async () => {
  ec = await makeClientKey('ES256', 'one')
  other = await makeClientKey('ES256', 'two')
  rsa = await makeClientKey('RS256', 'three')
  ed = await makeClientKey('EdDSA', 'four')
})

const read = (jwk: object): PublicKey => {
  const result = readPublicKey(jwk)
  if ('problem' in result) throw new Error(result.problem)
  return result.key
}
const remoteClient = { client_id: 'partner', jwks_uri: URI } as Client
const clientWith = (jwks: PublicKey[]) => ({ client_id: 'inline', jwks }) as object as Client
const kidsOf = async (keys: ClientKeys, client: Client, alg: string, kid?: string) => {
  const found = await keys.find(client, { alg, kid })
  return found.status === 'found' ? found.keys.map((key) => key.kid) : found.reason
}

describe('keys in the metadata', () => {
  const keys = createClientKeys({
    fetchJson: () => Promise.reject(new Error('nothing is to be fetched')),
    clock: createTestClock(),
  })
  const client = () => clientWith([ec, other, rsa, ed].map(({ jwk }) => read(jwk)))

  it('are found by kid and algorithm', async () => {
    expect(await kidsOf(keys, client(), 'ES256', 'two')).toEqual(['two'])
    expect(await kidsOf(keys, client(), 'RS256', 'three')).toEqual(['three'])
    expect(await kidsOf(keys, client(), 'PS256', 'three')).toEqual(['three'])
  })

  it('are found under both names of EdDSA (RFC 9864 §2.2)', async () => {
    expect(await kidsOf(keys, client(), 'EdDSA', 'four')).toEqual(['four'])
    expect(await kidsOf(keys, client(), 'Ed25519')).toEqual(['four'])
  })

  it('are all that fit where no kid is given', async () => {
    expect(await kidsOf(keys, client(), 'ES256')).toEqual(['one', 'two'])
  })

  it('are none where kid and algorithm do not go together, or the kid is somebody else’s', async () => {
    expect(await kidsOf(keys, client(), 'ES256', 'three')).toEqual([])
    expect(await kidsOf(keys, client(), 'ES256', 'ONE')).toEqual([])
    expect(await kidsOf(keys, client(), 'ES256', '../one')).toEqual([])
    expect(await kidsOf(keys, client(), 'ES256', '__proto__')).toEqual([])
    expect(await kidsOf(keys, client(), 'HS256', 'one')).toEqual([])
    expect(await kidsOf(keys, client(), 'none', 'one')).toEqual([])
  })

  it('are a few at most, since each is a verification that a stranger asks for', async () => {
    const many = clientWith(Array.from({ length: 20 }, () => read({ ...ec.jwk, kid: 'same' })))
    expect(await kidsOf(keys, many, 'ES256')).toHaveLength(4)
    expect(await kidsOf(keys, many, 'ES256', 'same')).toHaveLength(4)
  })

  it('keep to the one algorithm they name', async () => {
    const pinned = clientWith([read({ ...rsa.jwk, alg: 'PS256' })])
    expect(await kidsOf(keys, pinned, 'PS256')).toEqual(['three'])
    expect(await kidsOf(keys, pinned, 'RS256')).toEqual([])
  })
})

describe('keys behind a jwks_uri', () => {
  let clock: TestClock
  let keys: ClientKeys
  let fetched: string[]
  let answer: () => Promise<Record<string, unknown>>
  const serve = (...jwks: object[]) => {
    answer = async () => ({ keys: jwks })
  }
  const fail = () => {
    answer = () => Promise.reject(new FetchRefused('ECONNREFUSED'))
  }

  beforeEach(() => {
    clock = createTestClock()
    fetched = []
    serve(ec.jwk)
    keys = createClientKeys({
      clock,
      fetchJson: (url) => {
        fetched.push(url)
        return answer()
      },
    })
  })

  it('are fetched once for five minutes', async () => {
    expect(await kidsOf(keys, remoteClient, 'ES256', 'one')).toEqual(['one'])
    clock.advance({ seconds: 299 })
    expect(await kidsOf(keys, remoteClient, 'ES256')).toEqual(['one'])
    expect(fetched).toEqual([URI])
    clock.advance({ seconds: 1 })
    await kidsOf(keys, remoteClient, 'ES256')
    expect(fetched).toEqual([URI, URI])
  })

  it('are fetched once for all who ask at the same time', async () => {
    const asked = Array.from({ length: 20 }, () => kidsOf(keys, remoteClient, 'ES256', 'one'))
    expect(new Set((await Promise.all(asked)).flat())).toEqual(new Set(['one']))
    expect(fetched).toHaveLength(1)
  })

  it('are fetched anew for an unknown kid, so that a client may change them without telling us', async () => {
    await kidsOf(keys, remoteClient, 'ES256', 'one')
    serve(other.jwk)
    clock.advance({ seconds: 30 })
    expect(await kidsOf(keys, remoteClient, 'ES256', 'two')).toEqual(['two'])
    expect(await kidsOf(keys, remoteClient, 'ES256', 'one')).toEqual([])
    expect(fetched).toHaveLength(2)
  })

  it('are not fetched more often than twice a minute, whatever kids a stranger makes up', async () => {
    for (let second = 0; second < 60; second++) {
      await kidsOf(keys, remoteClient, 'ES256', `made-up-${second}`)
      clock.advance({ seconds: 1 })
    }
    expect(fetched).toHaveLength(2)
  })

  it('are unreachable where the fetch fails, and left alone for a moment then', async () => {
    fail()
    expect(await kidsOf(keys, remoteClient, 'ES256')).toBe('ECONNREFUSED')
    expect(await kidsOf(keys, remoteClient, 'ES256')).toBe('ECONNREFUSED')
    expect(fetched).toHaveLength(1)
    serve(ec.jwk)
    clock.advance({ seconds: 5 })
    expect(await kidsOf(keys, remoteClient, 'ES256')).toEqual(['one'])
  })

  it('stay good until their time where only a refetch fails: a made-up kid takes nothing from the client', async () => {
    await kidsOf(keys, remoteClient, 'ES256', 'one')
    fail()
    clock.advance({ seconds: 31 })
    expect(await kidsOf(keys, remoteClient, 'ES256', 'made-up')).toBe('ECONNREFUSED')
    expect(await kidsOf(keys, remoteClient, 'ES256', 'one')).toEqual(['one'])
    clock.advance({ seconds: 269 })
    expect(await kidsOf(keys, remoteClient, 'ES256', 'one')).toBe('ECONNREFUSED')
  })

  it('are those that are fit for us; what else is in the set does not matter', async () => {
    const secret = { kty: 'oct', k: 'AAAA', kid: 'secret' }
    const encryption = { ...other.jwk, use: 'enc', kid: 'encryption' }
    const leaked = { ...other.jwk, d: 'AAAA', kid: 'leaked' }
    serve(secret, encryption, leaked, { kty: 'EC', crv: 'P-521', kid: 'curve' }, 7 as unknown as object, ec.jwk)
    expect(await kidsOf(keys, remoteClient, 'ES256')).toEqual(['one'])
  })

  it('are none where the document is not a JWKS', async () => {
    answer = async () => ({ keys: 'none' })
    expect(await kidsOf(keys, remoteClient, 'ES256')).toBe('it is not a JWKS')
  })
})
