import { Cluster, type Redis } from 'ioredis'
import { type Health, StoreUnavailable } from '../store.ts'
import { addressOf, mastersOf, unreachedSlots } from './connect.ts'
import { inWords } from './failure.ts'
import type { Keys } from './keys.ts'
import { type Link, slotOf } from './link.ts'
import { adviceOf, type NodeFacts } from './node-facts.ts'
import { register } from './script.ts'
import { probe } from './scripts/probe.ts'

const PROBE_TTL = 10_000
const SLOTS = 16_384
/** A node with one slot of all is hit by one tag of so many, near enough. */
const MOST_TAGS = 200_000

/**
 * Gives the function that looks whether Redis is fit to be used: whether each node takes a write, and what its settings put
 * at risk. What an ACL or a managed service forbids to ask is said to be unknown.
 *
 * @param waitReplicas how many replicas every node needs
 */
export function createHealthCheck(link: Link, keys: Keys, waitReplicas: number): (now: number) => Promise<Health> {
  const { connection } = link
  const write = register(link, probe)
  const tags = new Map<string, string>()

  /** A tag whose slot the node has; found once. */
  const tagFor = (node: Redis): string | undefined => {
    if (!(connection instanceof Cluster)) return 'one'
    const has = (tag: string) => connection.slots[slotOf(keys.probe(tag))]?.[0] === addressOf(node)
    const known = tags.get(addressOf(node))
    if (known !== undefined && has(known)) return known
    for (let index = 0; index < MOST_TAGS; index++) {
      if (!has(`${index}`)) continue
      tags.set(addressOf(node), `${index}`)
      return `${index}`
    }
    return undefined
  }

  const checkNode = async (node: Redis, now: number): Promise<Health> => {
    const tag = tagFor(node)
    const [written, info, time, save] = await Promise.all([
      tag === undefined ? undefined : failureOf(write([keys.probe(tag)], [PROBE_TTL])),
      answerOf(link.ask(() => node.info())),
      answerOf(link.ask(() => node.time())),
      answerOf(link.ask(() => node.config('GET', 'save') as Promise<string[]>)),
    ])
    const facts: NodeFacts = { info, time, save: save?.[1] }
    const { problems, warnings } = adviceOf(facts, { now, waitReplicas })
    const name = connection instanceof Cluster ? ` ${addressOf(node)}` : ''
    const all = [...(written === undefined ? [] : [inWords(written)]), ...problems]
    return {
      problems: all.map((sentence) => `Redis${name}: ${sentence}`),
      warnings: warnings.map((sentence) => `Redis${name}: ${sentence}`),
    }
  }

  return async (now) => {
    const lost = link.outage.reason()
    const nodes = mastersOf(connection)
    if (connection.status !== 'ready' || nodes.length === 0) {
      return { problems: [`Redis: out of reach: ${inWords(lost ?? 'there is no connection yet')}`], warnings: [] }
    }
    const parts = await Promise.all([clusterHealth(link), ...nodes.map((node) => checkNode(node, now))])
    return {
      problems: parts.flatMap(({ problems }) => problems),
      warnings: parts.flatMap(({ warnings }) => warnings),
    }
  }
}

async function clusterHealth({ connection, ask }: Link): Promise<Health> {
  if (!(connection instanceof Cluster)) return { problems: [], warnings: [] }
  const info = await answerOf(ask(() => connection.cluster('INFO') as Promise<string>))
  const served = Number(/^cluster_slots_ok:(\d+)/m.exec(info ?? '')?.[1] ?? SLOTS)
  const unreached = unreachedSlots(connection)
  const problems: string[] = []
  if (served < SLOTS) problems.push(`Redis: ${SLOTS - served} of ${SLOTS} slots of the cluster are served by no node`)
  if (unreached > 0) problems.push(`Redis: the node of ${unreached} of ${SLOTS} slots of the cluster cannot be reached`)
  return { problems, warnings: [] }
}

/** Why it failed; undefined where it did not. */
async function failureOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    return error instanceof StoreUnavailable ? error.reason : String(error)
  }
}

/** What was answered; undefined where it may not be asked or nothing came: whether Redis is there, the write tells. */
async function answerOf<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch(() => undefined)
}
