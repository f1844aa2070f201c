import { setTimeout as pause } from 'node:timers/promises'
import { createHttpClient } from '../helpers/http-client.ts'
import { redisCommand } from '../helpers/redis-command.ts'
import { startRedisServer } from '../helpers/redis-server.ts'
import { buildServer } from '../helpers/server-process.ts'
import { createVisitor, SHARES, Surprise } from './flows.ts'
import type { Sample } from './samples.ts'
import { ALL_ENDED, PEOPLE, people, soakEnvironment } from './settings.ts'
import { startSubject } from './subject.ts'

/** What a soak showed. */
export interface Soaked {
  flows: Readonly<Record<string, number>>
  requests: number
  /** Answers by their status. */
  statuses: Readonly<Record<string, number>>
  /** Answers that were not the right ones, and the first of them in words. */
  surprises: number
  firstSurprises: readonly string[]
  /** Errors in the log of the server, and the first of them. */
  faults: number
  firstFaults: readonly string[]
  samples: readonly Sample[]
  /** Keys in Redis once all times of the settings are over, by kind. */
  left: Readonly<Record<string, number>>
  /** Of the keys that are left, those that would stay for ever. */
  withoutEnd: number
  /** Milliseconds until the last of them ends. */
  longest: number
  exitCode: number | null
  seconds: number
}

const BETWEEN_SAMPLES = 10_000
const MOST_TOLD = 10

/**
 * Lets people go through flows of all kinds until there were enough, or the time is over.
 *
 * @param limits.flows how many flows are enough
 * @param limits.minutes after how many minutes it ends in any case
 * @param show is given each sample as it is taken
 */
export async function soak(
  limits: { flows: number; minutes: number },
  show: (sample: Sample) => void,
): Promise<Soaked> {
  const build = await buildServer()
  const redis = await startRedisServer()
  const subject = await startSubject(build, await soakEnvironment(redis.url))
  const client = createHttpClient(PEOPLE)
  const begun = performance.now()
  const elapsed = () => (performance.now() - begun) / 1000
  const flows: Record<string, number> = Object.fromEntries(Object.keys(SHARES).map((kind) => [kind, 0]))
  const statuses: Record<string, number> = {}
  const firstSurprises: string[] = []
  const samples: Sample[] = []
  let total = 0
  let surprises = 0
  let over = false

  const takeSample = async () => {
    const { heapUsed, rss } = await subject.measure()
    const keys = Number(await redisCommand(redis.port, 'DBSIZE'))
    const memory = /used_memory:(\d+)/.exec(await redisCommand(redis.port, 'INFO', 'memory'))?.[1]
    const sample = { at: elapsed(), flows: total, heapUsed, rss, keys, redisMemory: Number(memory) }
    samples.push(sample)
    show(sample)
  }
  const watch = async () => {
    while (!over) {
      await takeSample()
      await pause(BETWEEN_SAMPLES)
    }
  }
  const visit = async (person: (typeof people)[number]) => {
    const visitor = createVisitor(client, subject.url, person, ({ status }) => {
      statuses[status] = (statuses[status] ?? 0) + 1
    })
    while (total < limits.flows && elapsed() < 60 * limits.minutes) {
      const kind = draw()
      total++
      try {
        await visitor.flows[kind]?.()
        flows[kind] = (flows[kind] ?? 0) + 1
      } catch (error) {
        surprises++
        if (firstSurprises.length < MOST_TOLD) firstSurprises.push(`${kind}: ${describe(error)}`)
      }
    }
  }

  try {
    const watching = watch()
    await Promise.all(people.map(visit))
    over = true
    await watching
    await pause(1000 * ALL_ENDED)
    await takeSample()
    const left = await whatIsLeft(redis.port)
    return {
      flows,
      requests: Object.values(statuses).reduce((sum, count) => sum + count, 0),
      statuses,
      surprises,
      firstSurprises,
      faults: subject.faults(),
      firstFaults: subject.firstFaults(),
      samples,
      ...left,
      seconds: elapsed(),
      exitCode: await subject.stop(),
    }
  } finally {
    client.close()
    await subject.stop()
    await redis.stop()
    await build.remove()
  }
}

function draw(): string {
  const kinds = Object.entries(SHARES)
  let left = Math.random() * kinds.reduce((sum, [, share]) => sum + share, 0)
  for (const [kind, share] of kinds) {
    left -= share
    if (left < 0) return kind
  }
  return kinds[0]?.[0] ?? ''
}

/** Counts the keys of each kind and, of all together, those without an end and the milliseconds until the last one's. */
const LOOK_AT_ALL = `
local left, withoutEnd, longest = {}, 0, 0
for _, key in ipairs(redis.call('KEYS', '*')) do
  local kind = string.match(key, '^[^:]*:([^:]*)')
  local ttl = redis.call('PTTL', key)
  left[kind] = (left[kind] or 0) + 1
  if ttl == -1 then withoutEnd = withoutEnd + 1 end
  if ttl > longest then longest = ttl end
end
return cjson.encode({ left = left, withoutEnd = withoutEnd, longest = longest })
`

/** Looks at every key, which is nothing to do to a Redis that serves. */
async function whatIsLeft(port: number): Promise<Pick<Soaked, 'left' | 'withoutEnd' | 'longest'>> {
  return JSON.parse(await redisCommand(port, 'EVAL', LOOK_AT_ALL, '0'))
}

function describe(error: unknown): string {
  return error instanceof Surprise ? error.message : String(error instanceof Error ? error.stack : error)
}
