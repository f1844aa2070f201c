import { createHash } from 'node:crypto'
import type { Answer, Exchange, WireRequest } from '../driver.ts'
import type { BenchServer } from '../servers/server.ts'
import { BACKEND_ID, BACKEND_SECRET, CLIENT_ID, REDIRECT_URI, SCOPE } from '../servers/world.ts'

/** The server answered something else than it should. */
export class WrongAnswer extends Error {
  constructor(wanted: string, { status, text }: Answer) {
    super(`${wanted}, but ${status} ${text.slice(0, 200)}`)
  }
}

/** What a client keeps of a token answer. */
export interface Tokens {
  access_token: string
  refresh_token: string
}

export type ClientId = typeof CLIENT_ID | typeof BACKEND_ID

/** One pair for all flows: the server's work is the same, and the driver has none. */
const VERIFIER = 'a-verifier-of-the-benchmark-of-more-than-43-characters'
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')
const STATE = 'a-state-of-the-benchmark'

const CODE_IN_LOCATION = /[?&]code=([^&]+)/
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const BASIC = `Basic ${Buffer.from(`${BACKEND_ID}:${BACKEND_SECRET}`).toString('base64')}`

/** The authorization request of a client, from a browser whose cookies say that it is signed in. */
export function authorizationRequest(server: BenchServer, clientId: ClientId = CLIENT_ID): WireRequest {
  return {
    method: 'GET',
    path: `${server.paths.authorize}?${authorizationQuery(clientId)}`,
    headers: { cookie: server.cookie },
  }
}

export function authorizationQuery(clientId: ClientId = CLIENT_ID): string {
  return new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: REDIRECT_URI,
    scope: SCOPE,
    state: STATE,
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  }).toString()
}

/** The code of a redirect back to the client. Throws WrongAnswer where it is none, or has another state. */
export function readCode(answer: Answer): string {
  const location = answer.headers.location ?? ''
  const code = CODE_IN_LOCATION.exec(location)?.[1]
  const back = location.startsWith(REDIRECT_URI) && location.includes(`state=${STATE}`)
  if ((answer.status !== 302 && answer.status !== 303) || code === undefined || !back) {
    throw new WrongAnswer(`no code came (to ${location.slice(0, 100)})`, answer)
  }
  return code
}

/** The request that redeems a code. */
export function redemption(server: BenchServer, code: string, clientId: ClientId = CLIENT_ID): WireRequest {
  const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER }
  return tokenRequest(server, clientId, form)
}

/** The request that refreshes. */
export function refreshment(server: BenchServer, refreshToken: string): WireRequest {
  return tokenRequest(server, CLIENT_ID, { grant_type: 'refresh_token', refresh_token: refreshToken })
}

/** The request by which the backend asks about a token of its own. */
export function introspection(server: BenchServer, token: string): WireRequest {
  const body = new URLSearchParams({ token, token_type_hint: 'refresh_token' }).toString()
  return { method: 'POST', path: server.paths.introspect, headers: { ...FORM, authorization: BASIC }, body }
}

/** The tokens of an answer. Throws WrongAnswer unless there are a signed access token and a refresh token. */
export function readTokens(answer: Answer): Tokens {
  const tokens = answer.status === 200 ? (JSON.parse(answer.text) as Partial<Tokens>) : {}
  const { access_token = '', refresh_token } = tokens
  if (access_token.split('.').length !== 3 || refresh_token === undefined)
    throw new WrongAnswer('no tokens came', answer)
  return { access_token, refresh_token }
}

/** Codes by the server's own authorization endpoint, made before the clock runs. */
export async function makeCodes(
  server: BenchServer,
  count: number,
  lanes: number,
  exchange: Exchange,
): Promise<string[]> {
  return inLanes(count, lanes, async () => readCode(await exchange(authorizationRequest(server))))
}

/** The tokens of a new authorization. */
export async function makeTokens(
  server: BenchServer,
  exchange: Exchange,
  clientId: ClientId = CLIENT_ID,
): Promise<Tokens> {
  const code = readCode(await exchange(authorizationRequest(server, clientId)))
  return readTokens(await exchange(redemption(server, code, clientId)))
}

/** Does something this many times, some of them at once, and gives what came of it. */
export async function inLanes<T>(count: number, lanes: number, make: () => Promise<T>): Promise<T[]> {
  const made: T[] = []
  let left = count
  const lane = async () => {
    while (left-- > 0) made.push(await make())
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return made
}

function tokenRequest(server: BenchServer, clientId: ClientId, form: Record<string, string>): WireRequest {
  const isPublic = clientId === CLIENT_ID
  const body = new URLSearchParams(isPublic ? { ...form, client_id: clientId } : form).toString()
  const headers = isPublic ? FORM : { ...FORM, authorization: BASIC }
  return { method: 'POST', path: server.paths.token, headers, body }
}
