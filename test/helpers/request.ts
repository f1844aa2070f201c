import { randomBytes } from 'node:crypto'
import { pkcePair } from './pkce.ts'

/** An authorization request of a client, with what the client keeps to itself. */
export interface AuthorizationRequest {
  params: Record<string, string>
  verifier: string
  challenge: string
  state: string
  /** The request as a query string. */
  query(): string
  /** The form that redeems a code of this request. */
  redeem(code: string, overrides?: Record<string, string | undefined>): Record<string, string>
}

/** A request of the public test client; an override of undefined leaves the parameter out. */
export function authorizationRequest(overrides: Record<string, string | undefined> = {}): AuthorizationRequest {
  const { verifier, challenge } = pkcePair()
  const state = randomBytes(8).toString('hex')
  const params = defined({
    response_type: 'code',
    client_id: 'app',
    redirect_uri: 'https://app.example/callback',
    scope: 'read',
    state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...overrides,
  })
  return {
    params,
    verifier,
    challenge,
    state,
    query: () => new URLSearchParams(params).toString(),
    redeem: (code, changes = {}) =>
      defined({
        grant_type: 'authorization_code',
        client_id: params.client_id,
        redirect_uri: params.redirect_uri,
        code,
        code_verifier: verifier,
        ...changes,
      }),
  }
}

function defined(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
