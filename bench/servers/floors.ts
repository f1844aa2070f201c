import { freePort } from '../../test/helpers/free-port.ts'
import { startProgram } from './program.ts'
import type { BenchServer } from './server.ts'
import { type Site, statusOf } from './site.ts'

/**
 * Starts a floor.
 *
 * @param metadata the document it shows: that of the server it is the floor of
 */
export async function startFloor(
  name: 'express-floor' | 'node-floor',
  { build, redisUrl, signingKey }: Site,
  metadata: string,
): Promise<BenchServer> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = {
    PORT: `${port}`,
    ISSUER: 'https://auth.example.com',
    PREFIX: `${name}:`,
    REDIS_URL: redisUrl,
    SIGNING_KEY: JSON.stringify(signingKey),
    METADATA: metadata,
  }
  const process = await startProgram(
    build,
    `bench/${name}.js`,
    env,
    async () => (await statusOf(`${url}/cookie`)) === 200,
  )
  return {
    name,
    url,
    paths: {
      authorize: '/oauth/authorize',
      token: '/oauth/token',
      introspect: '',
      metadata: '/.well-known/oauth-authorization-server',
      jwks: '/.well-known/jwks.json',
    },
    cookie: await (await fetch(`${url}/cookie`)).text(),
    process,
  }
}
