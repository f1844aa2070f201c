import { freePort } from '../../test/helpers/free-port.ts'
import { createHttpClient } from '../../test/helpers/http-client.ts'
import { authorizationQuery } from '../operations/flow.ts'
import { startProgram } from './program.ts'
import type { BenchServer } from './server.ts'
import { type Site, statusOf } from './site.ts'
import { BACKEND_ID, CLIENT_ID, REDIRECT_URI } from './world.ts'

const METADATA = '/.well-known/openid-configuration'
const MOST_REDIRECTS = 6

export async function startOidcProvider({ build, redisUrl, signingKey }: Site): Promise<BenchServer> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = {
    PORT: `${port}`,
    ISSUER: url,
    PREFIX: 'oidc-provider:',
    REDIS_URL: redisUrl,
    SIGNING_KEY: JSON.stringify(signingKey),
  }
  const ready = async () => (await statusOf(url + METADATA)) === 200
  const process = await startProgram(build, 'bench/oidc-provider.js', env, ready)
  return {
    name: 'oidc-provider',
    url,
    paths: {
      authorize: '/auth',
      token: '/token',
      introspect: '/token/introspection',
      metadata: METADATA,
      jwks: '/jwks',
    },
    cookie: await signIn(url),
    process,
  }
}

/** Signs in and consents to both clients: the interaction of the program says yes by itself. */
async function signIn(url: string): Promise<string> {
  const client = createHttpClient(1)
  const jar = new Map<string, string>()
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  for (const clientId of [CLIENT_ID, BACKEND_ID] as const) {
    let location = `${url}/auth?${authorizationQuery(clientId)}`
    for (let step = 0; step < MOST_REDIRECTS && !location.startsWith(REDIRECT_URI); step++) {
      const { headers, text } = await client.get(location, cookie())
      for (const line of headers['set-cookie'] ?? []) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (value === '') jar.delete(name)
        else jar.set(name, value)
      }
      if (headers.location === undefined) throw new Error(`oidc-provider does not sign in: ${text.slice(0, 500)}`)
      location = new URL(headers.location, url).href
    }
    if (!location.includes('code=')) throw new Error(`oidc-provider gives no code, but sends to ${location}`)
  }
  client.close()
  return cookie()
}
