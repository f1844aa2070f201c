import { readCode } from '../../src/oauth/handles.ts'
import type { Browser } from './browser.ts'
import { alice, publicClient } from './fixtures.ts'
import type { TestServer } from './server.ts'

/** A client that signs people in, and where it wants them back after signing out. */
export const openIdClient = {
  ...publicClient,
  client_id: 'signer',
  client_name: 'Signing App',
  client_uri: 'https://signer.example',
  redirect_uris: ['https://signer.example/callback'],
  post_logout_redirect_uris: ['https://signer.example/bye', 'https://signer.example/bye?from=latchkey'],
  scope: 'openid read write',
}

export const BYE = 'https://signer.example/bye'

/** What came of a sign-in. */
export interface SignIn {
  browser: Browser
  /** The session, as ID tokens name it. */
  sid: string
  /** What was issued. */
  authorizationId: string
  tokens: Record<string, string>
}

interface SignInOptions {
  browser?: Browser
  person?: typeof alice
  scope?: string
  prompt?: string
  client?: typeof openIdClient
}

/** Signs a person in through the client, and redeems the code. */
export async function signInBy(server: TestServer, options: SignInOptions = {}): Promise<SignIn> {
  const { browser = server.browser(), person = alice, scope = 'openid read', client = openIdClient } = options
  const redirect_uri = client.redirect_uris[0]
  const request = server.request({ client_id: client.client_id, redirect_uri, scope, prompt: options.prompt })
  const { code = '' } = await browser.authorize(request, { login: person, consent: 'allow' })
  const authorizationId = readCode(code, server.deps.handles) as string
  const { body } = await server.token(request.redeem(code))
  const authorization = await server.deps.store.authorizations.find(authorizationId, server.clock.now())
  return { browser, sid: authorization?.sessionId as string, authorizationId, tokens: body }
}

/** An ID token of this server about alice's session; an override of undefined leaves the claim out. */
export function hintFor(server: TestServer, sid: string, overrides: Record<string, unknown> = {}): Promise<string> {
  const now = Math.floor(server.clock.now() / 1000)
  const claims = {
    iss: server.config.issuer,
    sub: alice.sub,
    aud: 'signer',
    sid,
    iat: now,
    exp: now + 3600,
    ...overrides,
  }
  return server.deps.keys.sign(claims, undefined)
}

/** The address that a client sends a browser to. */
export function logoutAddress(params: Record<string, string | undefined> = {}): string {
  const given = Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return `/oauth/logout?${new URLSearchParams(given)}`
}

/** Whether the browser is still signed in: asked to consent at most, and not for a password. */
export async function isSignedIn(server: TestServer, browser: Browser): Promise<boolean> {
  const page = await browser.begin(server.request())
  return !page.text.includes('name="password"')
}

/** Whether the authorization still stands. */
export async function stands(server: TestServer, authorizationId: string): Promise<boolean> {
  return (await server.deps.store.authorizations.find(authorizationId, server.clock.now())) !== undefined
}
