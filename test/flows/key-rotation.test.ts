import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify, type RemoteJWKSetOptions } from 'jose'
import { readSigningKeys } from '../../src/config/signing-keys.ts'
import { makeKey } from '../../src/keys/make-key.ts'
import { type PrivateJwks, withActive, withPending } from '../../src/keys/rotation.ts'
import { type ListeningServer, listen } from '../helpers/listen.ts'
import { algorithms, key, privateJwks } from '../helpers/signing-keys.ts'

const CLIENTS_AT_ONCE = 4
/** Requests of each client in one stretch of load; a reload falls into the middle of it. */
const STRETCH = 12
/** How many stretches a verifier may take to fetch the keys anew. */
const MOST_STRETCHES = 40

/** An API that keeps the JWKS for a while, and in that time does not fetch it again for a kid it does not know. */
const CACHING: RemoteJWKSetOptions = {
  cacheMaxAge: 150,
  cooldownDuration: Number.POSITIVE_INFINITY,
  timeoutDuration: 60_000,
}

let server: ListeningServer
let jwksUri: URL

const start = async (signingKeys: string, more: Record<string, string> = {}) => {
  server = await listen({ env: { SIGNING_KEYS: signingKeys, ...more } })
  jwksUri = new URL('/.well-known/jwks.json', server.issuer)
}
afterEach(() => server.close())

const reload = (jwks: PrivateJwks) =>
  server.deps.reload({ ...server.config, signingKeys: readSigningKeys(JSON.stringify(jwks)) })

const verify = (token: string, keys: ReturnType<typeof createRemoteJWKSet>) =>
  jwtVerify(token, keys, { issuer: server.issuer, typ: 'at+jwt', algorithms: [...algorithms] })

const post = async (form: Record<string, string>) => {
  const answer = await fetch(`${server.issuer}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) })
  return { status: answer.status, body: (await answer.json()) as Record<string, string> }
}

const firstTokens = async () => {
  const request = server.request()
  return (await post(request.redeem(await server.code(request)))).body
}

/** Clients that refresh as fast as they can, and APIs that verify every token they were ever shown. */
async function createLoad() {
  const verifiers = Array.from({ length: CLIENTS_AT_ONCE }, () => createRemoteJWKSet(jwksUri, CACHING))
  const refreshTokens: string[] = []
  for (let index = 0; index < CLIENTS_AT_ONCE; index++) {
    refreshTokens.push((await firstTokens()).refresh_token as string)
  }
  const tokenOfKid = new Map<string, string>()
  const failures: string[] = []
  let requests = 0

  const refreshOnce = async (index: number) => {
    requests++
    const { status, body } = await post({
      grant_type: 'refresh_token',
      client_id: 'app',
      refresh_token: refreshTokens[index] as string,
    })
    if (status !== 200) {
      failures.push(`refresh: ${status} ${body.error}`)
      return
    }
    refreshTokens[index] = body.refresh_token as string
    const token = body.access_token as string
    const { kid } = decodeProtectedHeader(token)
    if (!tokenOfKid.has(kid as string)) tokenOfKid.set(kid as string, token)
    const verifier = verifiers[index] as (typeof verifiers)[number]
    for (const shown of [token, ...tokenOfKid.values()]) {
      await verify(shown, verifier).catch((error: Error) => failures.push(`verify: ${error.message}`))
    }
  }

  return {
    failures,
    requests: () => requests,
    kids: () => [...tokenOfKid.keys()],
    /** Whether every verifier has fetched the key of that name. */
    known: (kid: string) => verifiers.every((keys) => keys.jwks()?.keys.some((jwk) => jwk.kid === kid)),
    /** A stretch of load; what is to happen happens in the middle of it, without anyone waiting for it. */
    async run(inTheMiddle: () => Promise<void> = async () => {}) {
      let done = 0
      let happened: Promise<void> | undefined
      await Promise.all(
        refreshTokens.map(async (_token, index) => {
          for (let count = 0; count < STRETCH; count++) {
            await refreshOnce(index)
            if (++done === (CLIENTS_AT_ONCE * STRETCH) / 2) happened = inTheMiddle()
          }
        }),
      )
      await happened
    },
  }
}

describe('rotating the signing keys', () => {
  it('twice under load costs no failed request and no failed verification, and needs no restart', async () => {
    const first = await makeKey('ES256', 'active', 'first')
    await start(JSON.stringify({ keys: [first] }))
    const load = await createLoad()
    let jwks: PrivateJwks = { keys: [first] }
    const current = () => readSigningKeys(JSON.stringify(jwks))

    for (const [kid, alg] of [['second', 'EdDSA'] as const, ['third', 'PS256'] as const]) {
      jwks = withPending(current(), await makeKey(alg, 'pending', kid))
      await load.run(() => reload(jwks))
      // What the five minutes of waiting are for: nobody keeps the keys from before any more.
      for (let stretch = 0; !load.known(kid) && stretch < MOST_STRETCHES; stretch++) await load.run()
      expect(load.known(kid)).toBe(true)
      expect(load.kids()).not.toContain(kid)
      server.clock.advance({ seconds: 300 })

      jwks = withActive(current(), kid, Math.floor(server.clock.now() / 1000), true)
      await load.run(() => reload(jwks))
      await load.run()
      expect(load.kids()).toContain(kid)
    }

    expect(load.failures).toEqual([])
    expect(load.kids()).toEqual(['first', 'second', 'third'])
    expect(load.requests()).toBeGreaterThanOrEqual(6 * CLIENTS_AT_ONCE * STRETCH)
    expect(server.logText()).not.toContain('the signing key')
  })

  it('fails for those who keep the JWKS where the next key was not published first, and says so in the log', async () => {
    const old = await key('old', 'active')
    await start(privateJwks(old))
    const keys = createRemoteJWKSet(jwksUri, { ...CACHING, cacheMaxAge: Number.POSITIVE_INFINITY })
    await verify((await firstTokens()).access_token as string, keys)

    await reload({ keys: [{ ...old, status: 'retired' }, await key('new', 'active')] })
    await expect(verify((await firstTokens()).access_token as string, keys)).rejects.toThrow('no applicable key found')
    expect(server.logText()).toContain('the signing key new was not published before it became active')
  })

  it('drops a retired key once the last token under it is over, and the longest-lived resource decides', async () => {
    const retired_at = Math.floor(Date.now() / 1000)
    const keys = privateJwks(await key('old', 'retired', { retired_at }), await key('new', 'active'))
    await start(keys, { RESOURCES: '{"https://api.example":{"access_token_ttl":7200}}' })
    const kids = async () => {
      const { keys } = (await (await fetch(jwksUri)).json()) as { keys: Array<{ kid: string }> }
      return keys.map(({ kid }) => kid)
    }
    // Two hours of the token and one for the roll-out.
    const over = retired_at + 3 * 3600
    server.clock.advance({ seconds: over - 10 - server.clock.now() / 1000 })
    expect(await kids()).toEqual(['old', 'new'])
    server.clock.advance({ seconds: 20 })
    expect(await kids()).toEqual(['new'])
  })

  it.each(algorithms)('gives tokens by %s that an API verifies by our JWKS alone', async (alg) => {
    await start(privateJwks(await key('mine', 'active', { alg })))
    const { access_token } = await firstTokens()
    const { protectedHeader } = await verify(access_token as string, createRemoteJWKSet(jwksUri, CACHING))
    expect(protectedHeader).toEqual({ alg, kid: 'mine', typ: 'at+jwt' })
  })
})
