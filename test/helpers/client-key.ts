import { randomUUID } from 'node:crypto'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from 'jose'

/** The key pair of a client. */
export interface ClientKey {
  kid: string
  alg: string
  /** As it would be registered. */
  jwk: JWK
  privateKey: CryptoKey
}

export const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export async function makeClientKey(alg = 'ES256', kid = `${alg}-1`): Promise<ClientKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  return { kid, alg, jwk: { ...(await exportJWK(publicKey)), kid }, privateKey }
}

/** What a test says otherwise; undefined leaves a member out. */
export interface AssertionChanges {
  /** Seconds by the clock of the test server, which stands still while this machine's goes on. */
  now: number
  claims?: Record<string, unknown>
  header?: Record<string, unknown>
}

/** The claims of a sound assertion for the test server, with changes. */
export function assertionClaims(clientId: string, { now, claims = {} }: AssertionChanges) {
  const sound = {
    iss: clientId,
    sub: clientId,
    aud: 'http://localhost:3000',
    jti: randomUUID(),
    iat: now,
    exp: now + 60,
  }
  return defined({ ...sound, ...claims })
}

/** An assertion of the client, signed with its key or its secret. */
export function signAssertion(clientId: string, key: ClientKey | string, changes: AssertionChanges): Promise<string> {
  const own = typeof key === 'string' ? { alg: 'HS256' } : { alg: key.alg, kid: key.kid }
  return new SignJWT(assertionClaims(clientId, changes))
    .setProtectedHeader(defined({ ...own, ...changes.header }) as JWTHeaderParameters)
    .sign(typeof key === 'string' ? new TextEncoder().encode(key) : key.privateKey)
}

/** A JWS put together by hand, for what no library would sign. */
export function compact(header: object, claims: object, signature = 'c2ln'): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part(header)}.${part(claims)}.${signature}`
}

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
