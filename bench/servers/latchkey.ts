import { hashPassword } from '../../src/identity/password-hash.ts'
import { freePort } from '../../test/helpers/free-port.ts'
import { createHttpClient, createRemoteBrowser } from '../../test/helpers/http-client.ts'
import { authorizationRequest } from '../../test/helpers/request.ts'
import { UNREACHED_LIMITS } from '../../test/helpers/unreached-limits.ts'
import { startProgram } from './program.ts'
import type { BenchServer } from './server.ts'
import { type Site, statusOf } from './site.ts'
import { clients, PERSON, REDIRECT_URI, RESOURCE, SCOPE, SUBJECT } from './world.ts'

const SECRET = 'a-secret-key-of-the-benchmark-of-more-than-32-characters'

/** Starts the built server as an operator would run it: production, a public issuer behind a proxy, the log at info. */
export async function startLatchkey({ build, redisUrl, signingKey }: Site): Promise<BenchServer> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const user = {
    sub: SUBJECT,
    username: PERSON.username,
    name: 'Ada',
    password_hash: await hashPassword(PERSON.password),
  }
  const env = {
    HOST: '127.0.0.1',
    PORT: `${port}`,
    ISSUER: 'https://auth.example.com',
    TRUST_PROXY: 'loopback',
    LOG_LEVEL: 'info',
    REDIS_URL: redisUrl,
    REDIS_KEY_PREFIX: 'latchkey:',
    SECRET_KEYS: SECRET,
    SIGNING_KEYS: JSON.stringify({ keys: [signingKey] }),
    CLIENTS: JSON.stringify(clients.map((client) => ({ ...client, scope: SCOPE }))),
    USERS: JSON.stringify([user]),
    SCOPES: JSON.stringify({ [SCOPE]: 'Read your reports' }),
    DEFAULT_RESOURCE: RESOURCE,
    RATE_LIMITS: UNREACHED_LIMITS,
  }
  const process = await startProgram(build, 'dist/main.js', env, async () => (await statusOf(`${url}/readyz`)) === 200)
  return {
    name: 'latchkey',
    url,
    paths: {
      authorize: '/oauth/authorize',
      token: '/oauth/token',
      introspect: '/oauth/introspect',
      metadata: '/.well-known/oauth-authorization-server',
      jwks: '/.well-known/jwks.json',
    },
    cookie: await signIn(url),
    process,
  }
}

/** Signs the person in, who consents to all clients. Gives the cookies of the browser that did it last. */
export async function signIn(url: string): Promise<string> {
  const http = createHttpClient(1)
  let cookie = ''
  for (const { client_id } of clients) {
    // What is consented to in one browser of a person counts in all of them.
    const browser = createRemoteBrowser(http, url)
    await browser.signIn(authorizationRequest({ client_id, redirect_uri: REDIRECT_URI, scope: SCOPE }), PERSON)
    cookie = browser.cookie()
  }
  http.close()
  return cookie
}
