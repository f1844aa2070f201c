import { type Build, buildServer } from '../helpers/server-process.ts'
import { runCampaign } from './campaign.ts'
import { inShort, SHORT } from './short.ts'
import { startSingle } from './single.ts'
import { brokenPromises } from './tally.ts'
import type { Topology } from './topology.ts'

describe('a Redis that crashes, or stands still, while people go through flows', () => {
  let build: Build
  let topology: Topology
  beforeAll(async () => {
    // One after the other: of two at once, the one that came up would be left behind where the other one fails.
    topology = await startSingle()
    build = await buildServer()
  })
  afterAll(async () => {
    await topology?.stop()
    await build?.remove()
  })

  it('takes from nobody what they were given, and gives no code twice', async () => {
    const outcomes = await runCampaign(build, topology, { ...SHORT, only: inShort })
    const told = outcomes.map(({ fault, counts }) => [fault, brokenPromises(counts)])
    expect(told).toEqual([
      ['Redis killed and started again', []],
      ['Redis stands still for 3 s', []],
    ])
  }, 900_000)
})
