import { Redis } from 'ioredis'
import { openWire } from '../driver.ts'
import { authorizationRequest, readCode, readTokens, redemption, refreshment } from '../operations/flow.ts'
import type { BenchServer } from '../servers/server.ts'
import { median } from '../statistics.ts'
import type { RunningSite } from './site.ts'

/** Bytes that a flow takes in Redis, by MEMORY USAGE of the keys that it made. */
export interface Bytes {
  /** A code that waits for its client. */
  code: number
  /** The authorization once it is redeemed. */
  authorization: number
  /** What each of ten refreshes added. */
  perRefresh: number
}

const REFRESHES = 10
const FLOWS = 5

export async function measureBytes({ redis: { url }, servers }: RunningSite) {
  const redis = new Redis(url)
  const latchkey = await bytesOf(servers.latchkey, 'latchkey:', redis)
  const provider = await bytesOf(servers['oidc-provider'], 'oidc-provider:', redis)
  redis.disconnect()
  return { latchkey, 'oidc-provider': provider }
}

async function bytesOf(server: BenchServer, prefix: string, redis: Redis): Promise<Bytes> {
  const wire = openWire([server.url], 1)
  const exchange = wire.exchange(0)
  const flows: Bytes[] = []
  for (let flow = 0; flow < FLOWS; flow++) {
    const before = await keysOf(redis, prefix)
    const weigh = () => weighNew(redis, prefix, before)
    const code = readCode(await exchange(authorizationRequest(server)))
    const asCode = await weigh()
    let tokens = readTokens(await exchange(redemption(server, code)))
    const authorization = await weigh()
    for (let times = 0; times < REFRESHES; times++) {
      tokens = readTokens(await exchange(refreshment(server, tokens.refresh_token)))
    }
    flows.push({ code: asCode, authorization, perRefresh: ((await weigh()) - authorization) / REFRESHES })
  }
  await wire.close()
  const middle = (name: keyof Bytes) => median(flows.map((flow) => flow[name]))
  return { code: middle('code'), authorization: middle('authorization'), perRefresh: middle('perRefresh') }
}

/** The bytes of all keys that were not there before. */
async function weighNew(redis: Redis, prefix: string, before: ReadonlySet<string>): Promise<number> {
  let sum = 0
  for (const key of await keysOf(redis, prefix)) {
    if (!before.has(key)) sum += (await redis.memory('USAGE', key, 'SAMPLES', 0)) ?? 0
  }
  return sum
}

async function keysOf(redis: Redis, prefix: string): Promise<Set<string>> {
  const keys = new Set<string>()
  for await (const batch of redis.scanStream({ match: `${prefix}*`, count: 5000 })) {
    for (const key of batch as string[]) keys.add(key)
  }
  return keys
}
