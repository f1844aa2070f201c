import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { jwtVerify } from 'jose'
import { openWire } from '../driver.ts'
import { makeTokens } from '../operations/flow.ts'
import type { BenchServer } from '../servers/server.ts'
import type { Site } from '../servers/site.ts'
import { CLIENT_ID, RESOURCE, SCOPE, SUBJECT } from '../servers/world.ts'

/**
 * Makes sure that a server does the whole work: its access tokens are signed by ES256 under the key that all were given, and
 * name the same person, client, API and scope. While it is measured only the shape of its answers is looked at.
 */
export async function requireSameWork(server: BenchServer, { signingKey }: Site): Promise<void> {
  const wire = openWire([server.url], 1)
  const { access_token } = await makeTokens(server, wire.exchange(0))
  await wire.close()
  const { kty, crv, x, y } = signingKey as JsonWebKey
  const key = createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' })
  const { payload } = await jwtVerify(access_token, key, {
    algorithms: ['ES256'],
    audience: RESOURCE,
    subject: SUBJECT,
  })
  if (payload.client_id === CLIENT_ID && payload.scope === SCOPE) return
  throw new Error(`${server.name} makes other tokens than asked for: ${JSON.stringify(payload)}`)
}
