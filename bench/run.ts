import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { goals, judge } from './goals.ts'
import { describeMachine, ROOT } from './machine.ts'
import { measureExtras } from './measures/extras.ts'
import { profileOperation } from './measures/profile.ts'
import { runRounds } from './measures/rounds.ts'
import { type RunningSite, startSite } from './measures/site.ts'
import { operations } from './operations/registry.ts'
import { type Options, readOptions } from './options.ts'
import { fullPlan, type Plan, quickPlan } from './plan.ts'
import { type CpuProfile, writeProfile } from './profile.ts'
import { writePerformancePage, writeSummary } from './report.ts'
import type { Before, Results } from './results.ts'

const RESULTS = join(ROOT, 'bench', 'results')

/** A load above which something else is running. */
const BUSY = 0.5

/** Progress, apart from the tables. */
function tell(what: string): void {
  process.stderr.write(`${what} ...\n`)
}

async function measureAll(
  site: RunningSite,
  plan: Plan,
  options: Options,
  machine: Results['machine'],
): Promise<Results> {
  const measured: Results['operations'] = {}
  for (const operation of operations) {
    if (options.only !== undefined && !options.only.includes(operation.name)) continue
    tell(operation.name)
    measured[operation.name] = await runRounds(operation, site.servers, plan)
  }
  const extras = options.only === undefined ? await measureExtras(site, plan, tell) : undefined
  return { machine, plan, operations: measured, extras }
}

/** A whole run leaves its figures; a quick or partial one only prints them. */
async function keep(results: Results, page: string): Promise<void> {
  const { date, commit, versions } = results.machine
  const name = `${date}-${commit}-node-${versions.node}.json`
  await writeFile(join(RESULTS, name), `${JSON.stringify(results, null, 2)}\n`)
  await writeFile(join(ROOT, 'docs', 'performance.md'), page)
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8')) as T
}

/** Whole runs of the same commit on other versions of Node. */
async function readOthers({ machine }: Results): Promise<Results[]> {
  const names = (await readdir(RESULTS)).filter((name) => name.endsWith('.json'))
  const all = await Promise.all(names.map((name) => readJson<Results>(join(RESULTS, name))))
  return all.filter(
    (one) => one.machine.commit === machine.commit && one.machine.versions.node !== machine.versions.node,
  )
}

async function profile(site: RunningSite, plan: Plan, name: string): Promise<void> {
  const operation = operations.find((one) => one.name === name)
  if (operation === undefined) throw new Error(`there is no operation ${name}`)
  const taken = await profileOperation(operation, site, plan)
  const file = join(RESULTS, `${name}.cpuprofile`)
  await writeFile(file, taken.profile)
  console.log(writeProfile(JSON.parse(taken.profile) as CpuProfile, taken.operations, taken.cpu))
  tell(`the whole profile, for the browser's developer tools: ${file}`)
}

/** @returns the exit code: 1 where the run guards the goals and one of them is missed */
async function main(options: Options): Promise<number> {
  const plan = options.quick ? quickPlan : fullPlan
  await mkdir(RESULTS, { recursive: true })
  const before = await readJson<Before>(join(import.meta.dirname, 'before.json'))
  const machine = describeMachine()
  if (machine.load > BUSY)
    tell(`the machine is busy (load ${machine.load.toFixed(1)}): times and throughput will say little`)
  tell('building and starting the servers')
  const site = await startSite()
  try {
    if (options.profile !== undefined) {
      await profile(site, plan, options.profile)
      return 0
    }
    const results = await measureAll(site, plan, options, machine)
    const judgements = judge(goals, results)
    console.log(writeSummary(results, judgements))
    const { extras } = results
    if (extras !== undefined && !options.quick)
      await keep(
        results,
        writePerformancePage({ ...results, extras }, judgements, { before, others: await readOthers(results) }),
      )
    return options.guard && judgements.some(({ verdict }) => verdict === 'missed') ? 1 : 0
  } finally {
    await site.stop()
  }
}

process.exit(await main(readOptions(process.argv.slice(2))))
