import { setTimeout as pause } from 'node:timers/promises'
import { makeKey } from '../../src/keys/make-key.ts'
import { confidentialClient, publicClient } from '../helpers/fixtures.ts'
import { testEnvironment } from '../helpers/server.ts'
import type { Build } from '../helpers/server-process.ts'
import { UNREACHED_LIMITS } from '../helpers/unreached-limits.ts'
import { type Fleet, startFleet } from './fleet.ts'
import { createPerson, FLOW_KINDS, type FlowKind, type Handed, type Person } from './person.ts'
import { type Counts, createTally, type Tally } from './tally.ts'
import type { Topology } from './topology.ts'

/** What one fault did. */
export interface Outcome {
  topology: string
  fault: string
  counts: Counts
  /** Why the server refused what must have been good, where it did. */
  causes: readonly string[]
}

/** How much goes on. */
export interface Extent {
  people: number
  /** Flows before each fault, and again once all is well. */
  flows: number
  /** Only faults whose name says this; all where it is undefined. */
  only?: (fault: string) => boolean
}

/** So long that on a slow machine nothing ends by itself that a fault should have spared. */
const TIMES = { AUTHORIZATION_CODE_TTL: '600', REFRESH_TOKEN_GRACE: '60' }
/** All of the crowd has one address, and goes on as fast as it is answered. */
const LIMITS = { RATE_LIMITS: UNREACHED_LIMITS }

const NOTHING: Handed = { good: [], spent: [], refusals: [] }
/** A flow takes part of a second; where none ends within this time the suite says so instead of waiting on. */
const FLOWS_WITHIN = 120_000

/** Lets people go through flows on two servers while one fault after the other comes over the Redis of the topology. */
export async function runCampaign(
  build: Build,
  topology: Topology,
  { people: count, flows, only = () => true }: Extent,
): Promise<Outcome[]> {
  let tally: Tally = createTally()
  let handed: Handed = NOTHING
  const SIGNING_KEYS = JSON.stringify({ keys: [await makeKey('ES256', 'active')] })
  const gateway = {
    ...confidentialClient,
    client_id: 'gateway',
    grant_types: ['client_credentials'],
    introspection: 'any',
  }
  const env = testEnvironment({
    clients: [publicClient, gateway],
    env: { SIGNING_KEYS, ...TIMES, ...LIMITS, ...topology.env },
  })
  const fleet = await startFleet(build, env, () => tally)
  const people = Array.from({ length: count }, () =>
    createPerson(
      fleet,
      () => tally,
      () => handed,
    ),
  )

  const strike = async (fault: string, happen: () => Promise<void>): Promise<Outcome> => {
    tally = createTally()
    handed = { good: [], spent: [], refusals: [] }
    const { counts } = tally
    const crashesBefore = fleet.crashes()
    const crowd = startCrowd(people)
    const more = async () => {
      const enough = counts.flows + flows
      const until = performance.now() + FLOWS_WITHIN
      while (counts.flows < enough && performance.now() < until) await pause(20)
      if (counts.flows < enough) throw new Error(`${topology.name}, ${fault}: no flow comes to its end`)
    }
    try {
      await more()
      await happen()
      await topology.settled()
      await fleet.settled()
      await more()
    } finally {
      await crowd.goHome()
    }
    tally.end()
    await lookBack(people[0] as Person, fleet, handed, counts)
    const causes = handed.refusals.map(fleet.causeOf)
    for (const cause of causes) {
      if (cause === 'refresh-token-reused' || cause === 'code-replayed') counts.wronglyRevoked++
      else counts.lost++
    }
    counts.crashes = fleet.crashes() - crashesBefore
    return { topology: topology.name, fault, counts, causes }
  }

  try {
    await fleet.settled()
    await Promise.all(people.map((person) => person.arrive()))
    const faults = { ...topology.faults, 'server restarted by SIGTERM': fleet.restart }
    const outcomes: Outcome[] = []
    for (const [fault, happen] of Object.entries(faults)) {
      if (only(fault)) outcomes.push(await strike(fault, happen))
    }
    return outcomes
  } finally {
    await fleet.stop()
  }
}

/** People who begin one flow after the other until they are sent home. */
function startCrowd(people: readonly Person[]): { goHome(): Promise<void> } {
  let over = false
  const walk = async (person: Person, index: number) => {
    for (let turn = index; !over; turn++) await person.flow(FLOW_KINDS[turn % FLOW_KINDS.length] as FlowKind)
  }
  const walking = Promise.all(people.map(walk))
  return {
    async goHome() {
      over = true
      await walking
    },
  }
}

/** All is well again: what was handed out must be good, and what was spent must not be. */
async function lookBack(person: Person, { client }: Fleet, { good, spent }: Handed, counts: Counts): Promise<void> {
  for (const token of good) await person.refresh(token)
  for (const form of spent) {
    const { status } = await client.post('/oauth/token', form)
    if (status === 200) counts.doubleRedemptions++
  }
}
