/**
 * Lets faults happen to Redis and the servers while people go through flows: `npm run test:faults`.
 *
 *   npm run test:faults -- --short          some of them, on a single Redis
 *   npm run test:faults -- --only cluster   one form of Redis
 *   npm run test:faults -- --write          writes docs/operations/faults.md
 */
import { parseArgs } from 'node:util'
import { buildServer } from '../helpers/server-process.ts'
import { writePage } from '../helpers/write-page.ts'
import { type Outcome, runCampaign } from './campaign.ts'
import { startCluster } from './cluster.ts'
import { page, table } from './report.ts'
import { startSentinel } from './sentinel.ts'
import { inShort, SHORT } from './short.ts'
import { startSingle } from './single.ts'
import { brokenPromises } from './tally.ts'

const PAGE = 'docs/operations/faults.md'
const TOPOLOGIES = { single: startSingle, sentinel: startSentinel, cluster: startCluster } as const
const LONG = { people: 8, flows: 250 }

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      short: { type: 'boolean', default: false },
      only: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  })
  const wanted = values.short ? 'single' : values.only
  const topologies = Object.entries(TOPOLOGIES).filter(([name]) => wanted === undefined || name === wanted)
  if (topologies.length === 0) throw new Error(`--only takes one of ${Object.keys(TOPOLOGIES).join(', ')}`)
  const build = await buildServer()
  const begun = performance.now()
  const outcomes: Outcome[] = []
  try {
    for (const [, start] of topologies) {
      const topology = await start()
      try {
        outcomes.push(...(await runCampaign(build, topology, values.short ? { ...SHORT, only: inShort } : LONG)))
      } finally {
        await topology.stop()
      }
      console.log(`${table(outcomes)}\n`)
    }
  } finally {
    await build.remove()
  }
  const seconds = (performance.now() - begun) / 1000
  console.log(`in ${seconds.toFixed(0)} seconds`)
  if (values.write) await writePage(PAGE, page(outcomes, new Date(), seconds))
  const broken = outcomes.flatMap(({ topology, fault, counts, causes }) =>
    [...brokenPromises(counts), ...(counts.slow > 0 ? [`over 2 s: ${counts.slow}`] : [])].map(
      (words) => `${topology}, ${fault}: ${words} ${[...new Set(causes)].join(' ')}`,
    ),
  )
  for (const line of broken) console.error(line)
  return broken.length > 0 ? 1 : 0
}

process.exitCode = await main()
