import { makeKey } from '../../src/keys/make-key.ts'
import { type RedisServer, startRedisServer } from '../../test/helpers/redis-server.ts'
import { buildAll } from '../build.ts'
import { startFloor } from '../servers/floors.ts'
import { startLatchkey } from '../servers/latchkey.ts'
import { startOidcProvider } from '../servers/oidc-provider.ts'
import type { BenchServer, ServerName } from '../servers/server.ts'
import type { Site } from '../servers/site.ts'
import { requireSameWork } from './same-work.ts'

/** Everything that runs during the benchmark, on a Redis of its own. */
export interface RunningSite extends Site {
  redis: RedisServer
  servers: Readonly<Record<ServerName, BenchServer>>
  stop(): Promise<void>
}

export async function startSite(): Promise<RunningSite> {
  const [build, redis, signingKey] = await Promise.all([buildAll(), startRedisServer(), makeKey('ES256', 'active')])
  const site: Site = { build, redisUrl: redis.url, signingKey }
  const latchkey = await startLatchkey(site)
  const metadata = await (await fetch(latchkey.url + latchkey.paths.metadata)).text()
  const [expressFloor, nodeFloor, oidcProvider] = await Promise.all([
    startFloor('express-floor', site, metadata),
    startFloor('node-floor', site, metadata),
    startOidcProvider(site),
  ])
  for (const server of [latchkey, expressFloor, nodeFloor, oidcProvider]) await requireSameWork(server, site)
  return {
    ...site,
    redis,
    servers: {
      latchkey,
      'express-floor': expressFloor,
      'node-floor': nodeFloor,
      'oidc-provider': oidcProvider,
    },
    async stop() {
      for (const server of [latchkey, expressFloor, nodeFloor, oidcProvider]) await server.process.stop()
      await redis.stop()
      await build.remove()
    },
  }
}
