/**
 * Latchkey, a partner's app and an API on one machine.
 *
 *   npm run demo              starts all three and prints the address to open
 *   npm run demo -- --walk    plays the whole flow without a browser, and tells every step
 *
 * With REDIS_URL set, the server keeps its records there; otherwise in memory.
 */
import { parseArgs } from 'node:util'
import { createBackChannel } from './demo/back-channel.ts'
import { startLatchkey } from './demo/latchkey.ts'
import { CLIENT_ID, CLIENT_SCOPE, createEnvironment, PERSON } from './demo/settings.ts'
import { createStory, StepFailed } from './demo/story.ts'
import { walk } from './demo/walk.ts'
import { openPlace } from './loopback.ts'
import { startPartnerApp } from './partner-app/app.ts'
import { startResourceApi } from './resource-api/api.ts'

const WALK_WITHIN_MS = 300_000

async function startWorld() {
  // Held until the others have theirs, so that no two of them are given the same free port.
  const reserved = await openPlace(3000)
  const issuer = reserved.url
  const redisUrl = process.env.REDIS_URL || undefined
  // All three on one host name, spelled one way: issuer, redirect URI and cookies are compared letter by letter.
  const api = await startResourceApi({ issuer, port: 3002 })
  const reportsUrl = `${api.url}/reports`
  const backChannel = createBackChannel()
  const partner = await startPartnerApp({
    issuer,
    clientId: CLIENT_ID,
    scope: CLIENT_SCOPE,
    reportsUrl,
    port: 3001,
    fetch: backChannel.fetch,
  })
  const settings = { issuer, redirectUri: partner.redirectUri, partnerUrl: partner.url, apiUrl: api.url, redisUrl }
  await reserved.close()
  const latchkey = await startLatchkey(issuer, createEnvironment(settings))
  return {
    ...settings,
    reportsUrl,
    backChannel,
    latchkey,
    store: redisUrl === undefined ? 'memory' : `Redis at ${new URL(redisUrl).host}`,
    stop: () => Promise.all([partner.close(), api.close(), latchkey.stop()]),
  }
}

type DemoWorld = Awaited<ReturnType<typeof startWorld>>

/** The walk's exit code. */
async function tellWalk(world: DemoWorld): Promise<number> {
  const story = createStory(console.log, process.stdout.isTTY === true && !process.env.NO_COLOR)
  console.log(`Latchkey at ${world.issuer}, records in ${world.store}`)
  try {
    await walk({ ...world, signal: AbortSignal.timeout(WALK_WITHIN_MS) }, story)
    console.log('\nEvery step went as it must.')
    return 0
  } catch (error) {
    console.error(`\nFailed at ${story.current()}`)
    if (error instanceof StepFailed) console.error(`  expected  ${error.expected}\n  got       ${error.got}`)
    else console.error(`  ${error instanceof Error ? error.message : String(error)}`)
    console.error(`  the server's log:\n${world.latchkey.output().trim() || '  (empty)'}`)
    return 1
  }
}

/** Runs until Ctrl-C, or until the server ends by itself. */
async function waitForTheEnd(world: DemoWorld, interrupted: Promise<'interrupted'>): Promise<number> {
  console.log(`
  Open      ${world.partnerUrl}
  Sign in   ${PERSON.username} / ${PERSON.password}

  Latchkey runs at ${world.issuer}, the API at ${world.apiUrl}, records are in ${world.store}.
  Ctrl-C stops everything.
`)
  const outcome = await Promise.race([interrupted, world.latchkey.ended])
  if (outcome === 'interrupted') return 0
  console.error(`${outcome}. It said:\n${world.latchkey.output().trim() || '(nothing)'}`)
  return 1
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { walk: { type: 'boolean', default: false } } })
  const interrupted = new Promise<'interrupted'>((resolve) => {
    process.once('SIGINT', () => resolve('interrupted'))
    process.once('SIGTERM', () => resolve('interrupted'))
  })
  const starting = startWorld()
  const world = await Promise.race([starting, interrupted])
  if (world === 'interrupted') return 130
  const code = values.walk
    ? await Promise.race([tellWalk(world), interrupted.then(() => 130)])
    : await waitForTheEnd(world, interrupted)
  await world.stop()
  return code
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  },
)
