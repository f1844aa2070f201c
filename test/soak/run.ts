/**
 * Lets a built server work for a long time and looks whether it holds on to memory: `npm run soak`.
 *
 *   npm run soak -- --flows 20000 --minutes 10    ends after so many flows, or minutes
 *   npm run soak -- --write                       writes docs/operations/soak.md
 */
import { parseArgs } from 'node:util'
import { writePage } from '../helpers/write-page.ts'
import { duringLoad, inTable, report } from './report.ts'
import { growth } from './samples.ts'
import { soak } from './soak.ts'

const PAGE = 'docs/operations/soak.md'

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      flows: { type: 'string', default: '200000' },
      minutes: { type: 'string', default: '120' },
      write: { type: 'boolean', default: false },
    },
  })
  const limits = { flows: Number(values.flows), minutes: Number(values.minutes) }
  if (!(limits.flows > 0 && limits.minutes > 0)) throw new Error('--flows and --minutes take numbers above 0')
  const soaked = await soak(limits, (sample) => console.log(inTable(sample)))
  const page = report(soaked, new Date())
  console.log(`\n${page}`)
  if (values.write) await writePage(PAGE, page)
  for (const line of [...soaked.firstSurprises, ...soaked.firstFaults]) console.error(line)
  const serverErrors = Object.keys(soaked.statuses).some((status) => Number(status) >= 500)
  const { surprises, faults, withoutEnd, exitCode } = soaked
  const failed = serverErrors || surprises + faults + withoutEnd > 0 || exitCode !== 0
  return failed || growth(duringLoad(soaked)).grows ? 1 : 0
}

process.exitCode = await main()
