import { machine, onDay } from '../helpers/machine.ts'
import { growth, type Sample } from './samples.ts'
import type { Soaked } from './soak.ts'

const MB = 1024 * 1024
/** Rows that the table has at most. */
const ROWS = 24

/** The samples of the time in which there was something to do: the last one is from afterwards. */
export function duringLoad({ samples }: Soaked): readonly Sample[] {
  return samples.slice(0, -1)
}

/** One sample as a row. */
export function inTable({ at, flows, heapUsed, rss, keys, redisMemory }: Sample): string {
  const cells = [at.toFixed(0), flows, inMb(heapUsed), inMb(rss), keys, inMb(redisMemory)]
  return `| ${cells.join(' | ')} |`
}

/** What a soak showed, as a page. */
export function report(soaked: Soaked, now: Date): string {
  const load = duringLoad(soaked)
  const after = soaked.samples.at(-1) as Sample
  const { rise, noise, mean, grows } = growth(load)
  const flows = Object.values(soaked.flows).reduce((sum, count) => sum + count, 0)
  const left = Object.entries(soaked.left).map(([kind, count]) => `${count} ${kind}`)
  const every = Math.ceil(load.length / ROWS)
  const busy = load.at(-1)?.at ?? 0

  return `# Soak

What \`npm run soak -- --write\` measured on ${onDay(now)}: ${machine()}. It starts a built server, with a probe in it that
collects all garbage before it tells how large the heap is, on a Redis of its own, and lets 24 people and their clients go
through flows until there were 200,000, or as \`--flows\` and \`--minutes\` say. All lifetimes are as short as the
configuration allows, or nearly: codes 5 seconds, refresh tokens a minute, sessions 90 seconds, consents two minutes. So
everything ends many times on the way.

- **${count(flows)} flows** in ${(busy / 60).toFixed(1)} minutes, ${count(soaked.requests)} requests. Answers: ${pairs(soaked.statuses)}.
- **Answers other than the right one: ${soaked.surprises}.** Errors in the log: ${soaked.faults}. Exit code after SIGTERM: ${soaked.exitCode}.
- **The heap ${grows ? 'grew' : 'did not grow'}**: over the second half the line through it rose by ${inMb(rise)} MB of
  ${inMb(mean)} MB, where single values lie ${inMb(noise)} MB off the line. Growth is a rise of more than twice that and more
  than 5 %.
- **What was left in Redis** ${(after.at - busy).toFixed(0)} seconds after the last flow: ${count(after.keys)} keys${left.length === 0 ? '' : ` (${left.join(', ')})`}, of up to
  ${count(Math.max(...load.map(({ keys }) => keys)))} before. ${soaked.withoutEnd} of them had no end; the last one was to end in ${(soaked.longest / 60_000).toFixed(1)} minutes. An interaction waits
  for half an hour and stays for five minutes once it is answered; no variable changes that.

The command ends with 1 where the heap grew, an answer was 5xx or not the right one, the log has an error, or a key has no
end.

## Flows

| Kind | Times |
| --- | --- |
${Object.entries(soaked.flows)
  .map(([kind, times]) => `| ${kind} | ${count(times)} |`)
  .join('\n')}

whole: authorized without a question, redeemed, refreshed twice, introspected, userinfo. wrong verifier: the code is burnt.
replayed: a second redemption, which ends the refresh token. pushed: by a \`request_uri\`. abandoned: a code that nobody
redeems. refused: the person says no. machine: \`client_credentials\`. forged: a made-up refresh token. In all of them people
whose session or consent is over sign in again.

## Samples

Seconds, flows until then, heap in use after a full collection and resident memory of the server (MB), keys and memory of
Redis (MB). The last row is from ${(after.at - busy).toFixed(0)} seconds after the last flow.

| s | flows | heap | RSS | keys | Redis |
| --- | --- | --- | --- | --- | --- |
${[...load.filter((_, index) => index % every === 0), after].map(inTable).join('\n')}
`
}

function inMb(bytes: number): string {
  return (bytes / MB).toFixed(1)
}

function count(number: number): string {
  return number.toLocaleString('en')
}

function pairs(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, number]) => `${count(number)} × ${name}`)
    .join(', ')
}
