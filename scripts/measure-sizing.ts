/**
 * Measures what docs/operations/sizing.md computes with, on a Redis of its own and the built server as a process of its own:
 * `npm run measure:sizing`. Prints the part of that page between its two marks. Linux only; takes some minutes.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { inBatches } from '../src/lib/in-batches.ts'
import { startRedisServer } from '../test/helpers/redis-server.ts'
import { info, type Kind, measureKinds } from './sizing/redis.ts'
import { writeSection } from './sizing/section.ts'
import { cpuMilliseconds, PASSWORD, residentMegabytes, startSizingServer } from './sizing/server.ts'
import type { Figures } from './sizing/tables.ts'
import { createVisitor, postAsClient, type SizingClient, type Tokens, type Visitor } from './sizing/visitor.ts'

const USERS = 1000
const CLIENTS = 10
const AUTHORIZATIONS = USERS * CLIENTS
/** Requests at once: enough that the server never waits for us. */
const WIDTH = 16
const PREFIX = 'latchkey:'
/** What lives as long as an authorization; the other kinds come and go with people at a browser. */
const LASTING = ['authorization', 'authorizations-of', 'consents']

interface Seen {
  visitor: Visitor
  client: SizingClient
  tokens: Tokens
}

const redisServer = await startRedisServer()
const redis = new Redis(redisServer.url)
const server = await startSizingServer(redisServer.url, { clients: CLIENTS, users: USERS + 1 })
try {
  process.stdout.write(writeSection(await measure(), await versions()))
} finally {
  await server.stop()
  redis.disconnect()
  await redisServer.stop()
}

async function measure(): Promise<Figures> {
  const { clients, base } = server
  const first = clients[0] as SizingClient
  const visitors = server.usernames.map((username) => ({ username, visitor: createVisitor(base) }))
  const [warm, ...people] = visitors as [(typeof visitors)[0], ...typeof visitors]
  // Scripts, connections and the code that the engine compiles belong to no authorization.
  await warm.visitor.signIn(first, warm.username, PASSWORD)
  await warm.visitor.consent(first)
  await inBatches(Array.from({ length: 500 }), 1, () => warm.visitor.comeBack(first))
  await redis.flushdb()

  const empty = await info(redis, 'memory', 'used_memory')
  const signIn = await cost(people, ({ username, visitor }) => visitor.signIn(first, username, PASSWORD))
  // The page of the first client is open; the others are asked for one after the other.
  const seen: Seen[] = []
  for (const client of clients) {
    const allow = async ({ visitor }: (typeof people)[0]) => {
      if (client !== first) await visitor.open(client)
      seen.push({ visitor, client, tokens: await visitor.consent(client) })
    }
    await inBatches(people, WIDTH, allow)
  }

  const used = (await info(redis, 'memory', 'used_memory')) - empty
  const kinds = await measureKinds(redis, PREFIX)
  const kind = (name: string): Kind => kinds.get(name) ?? { keys: 0, bytes: 0, entries: 0 }
  const passing = [...kinds].filter(([name]) => !LASTING.includes(name)).reduce((sum, [, { bytes }]) => sum + bytes, 0)
  if (kind('authorization').keys !== AUTHORIZATIONS) throw new Error(`${kind('authorization').keys} authorizations`)

  const refresh = await cost(seen, async (one) => {
    const form = { grant_type: 'refresh_token', refresh_token: one.tokens.refresh_token }
    one.tokens = (await postAsClient(base, '/oauth/token', one.client, form)) as Tokens
  })
  const introspection = await cost(seen, ({ client, tokens }) =>
    postAsClient(base, '/oauth/introspect', client, { token: tokens.access_token }),
  )
  const redisBefore = await redisCpu()
  const flow = await cost(seen, ({ visitor, client }) => visitor.comeBack(client))
  return {
    authorization: mean(kind('authorization')),
    indexEntry: Math.round(kind('authorizations-of').bytes / kind('authorizations-of').entries),
    consent: Math.round(kind('consents').bytes / kind('consents').entries),
    session: mean(kind('session')),
    interaction: mean(kind('interaction')),
    memory: Math.round((used - passing) / AUTHORIZATIONS),
    signIn,
    flow,
    refresh,
    introspection,
    redisFlow: rounded(((await redisCpu()) - redisBefore) / seen.length),
    resident: residentMegabytes(server.pid),
  }
}

/** CPU time of the server for each call, in milliseconds. */
async function cost<T>(items: readonly T[], call: (item: T) => Promise<unknown>): Promise<number> {
  const before = cpuMilliseconds(server.pid)
  await inBatches(items, WIDTH, call)
  return rounded((cpuMilliseconds(server.pid) - before) / items.length)
}

async function redisCpu(): Promise<number> {
  return 1000 * ((await info(redis, 'cpu', 'used_cpu_user')) + (await info(redis, 'cpu', 'used_cpu_sys')))
}

function mean({ bytes, keys }: Kind): number {
  return Math.round(bytes / keys)
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100
}

async function versions(): Promise<string> {
  const redisVersion = /^redis_version:(.+)$/m.exec(await redis.info('server'))?.[1]?.trim()
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'))
  return `Latchkey ${version}, Node ${process.versions.node}, Redis ${redisVersion}`
}
