import type request from 'supertest'
import { type AssertionChanges, type ClientKey, JWT_BEARER, makeClientKey, signAssertion } from './client-key.ts'
import { CLIENT_SECRET, publicClient } from './fixtures.ts'
import { type StoreName, type TestServer, testServer } from './server.ts'

/** The keys of the clients of an assertion server. */
export interface PartnerKeys {
  /** Both are of `partner` and of `pinned`, which keeps to ES256. */
  ec: ClientKey
  rsa: ClientKey
  /** The one of `other`. */
  others: ClientKey
}

/** A server whose clients authenticate by assertions; `hmac` with CLIENT_SECRET, and `post` without any. */
export interface AssertionServer extends TestServer {
  /** An assertion of the client that is made now, by the clock of the server. */
  sign(clientId: string, key: ClientKey | string, changes?: Omit<AssertionChanges, 'now'>): Promise<string>
  /** Tries to refresh with a token that is none: only the answer invalid_grant says that the client was believed. */
  present(assertion: string, form?: Record<string, string>, headers?: Record<string, string>): Promise<request.Response>
}

export async function makePartnerKeys(): Promise<PartnerKeys> {
  return {
    ec: await makeClientKey('ES256', 'one'),
    rsa: await makeClientKey('RS256', 'two'),
    others: await makeClientKey('ES256', 'three'),
  }
}

export async function assertionServer(keys: PartnerKeys, store: StoreName = 'memory'): Promise<AssertionServer> {
  const { ec, rsa, others } = keys
  const client = (client_id: string, token_endpoint_auth_method: string, more: object) => ({
    ...publicClient,
    client_id,
    token_endpoint_auth_method,
    ...more,
  })
  const jwks = { keys: [ec.jwk, rsa.jwk] }
  const clients = [
    client('partner', 'private_key_jwt', { jwks }),
    client('pinned', 'private_key_jwt', { jwks, token_endpoint_auth_signing_alg: 'ES256' }),
    client('other', 'private_key_jwt', { jwks: { keys: [others.jwk] } }),
    client('hmac', 'client_secret_jwt', { client_secret: CLIENT_SECRET }),
    client('post', 'client_secret_post', { client_secret: CLIENT_SECRET }),
  ]
  const server = await testServer({ store, clients, users: [] })
  return {
    ...server,
    sign: (clientId, key, changes = {}) =>
      signAssertion(clientId, key, { now: Math.floor(server.clock.now() / 1000), ...changes }),
    present: (client_assertion, form = {}, headers = {}) =>
      server.token(
        {
          grant_type: 'refresh_token',
          refresh_token: 'none',
          client_assertion_type: JWT_BEARER,
          client_assertion,
          ...form,
        },
        headers,
      ),
  }
}

/** The client was believed, and only what it asked for is none. */
export function expectBelieved(answer: request.Response): void {
  expect(answer.body.error).toBe('invalid_grant')
}

/** The client was refused in the words that every refusal has; the log alone knows why. */
export function expectRefused(server: TestServer, answer: request.Response, cause: string): void {
  expect(answer.status).toBe(401)
  expect(answer.body).toEqual({ error: 'invalid_client', error_description: 'client authentication failed' })
  const line = server.logs().find(({ error_id }) => error_id === answer.headers['latchkey-error-id'])
  expect(line?.cause).toBe(cause)
}
