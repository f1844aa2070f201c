import { machine, onDay } from '../helpers/machine.ts'
import type { Outcome } from './campaign.ts'
import type { Counts } from './tally.ts'

/** The columns after topology and fault, each with what it is called. */
const COLUMNS: ReadonlyArray<{ title: string; of(counts: Counts): string | number }> = [
  { title: 'flows', of: ({ flows }) => flows },
  { title: 'double', of: ({ doubleRedemptions }) => doubleRedemptions },
  { title: 'lost', of: ({ lost }) => lost },
  { title: 'wrongly revoked', of: ({ wronglyRevoked }) => wronglyRevoked },
  { title: 'failed safe', of: ({ failedSafe }) => failedSafe },
  { title: 'interrupted', of: ({ interrupted }) => interrupted },
  { title: 'unavailable, s', of: ({ unavailable }) => unavailable.toFixed(1) },
  { title: 'over 2 s', of: ({ slow }) => slow },
  { title: 'slowest, ms', of: ({ slowest }) => slowest.toFixed(0) },
  { title: 'other 5xx', of: ({ serverErrors }) => serverErrors },
  { title: 'crashes', of: ({ crashes }) => crashes },
]

/** The outcomes as a table. */
export function table(outcomes: readonly Outcome[]): string {
  const rows = [
    ['Redis', 'Fault', ...COLUMNS.map(({ title }) => title)],
    ['---', '---', ...COLUMNS.map(() => '---')],
    ...outcomes.map(({ topology, fault, counts }) => [topology, fault, ...COLUMNS.map(({ of }) => of(counts))]),
  ]
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** The outcomes as a page. */
export function page(outcomes: readonly Outcome[], now: Date, seconds: number): string {
  return `# Faults

What happens to those who are in the middle of something when Redis or a server goes away. \`npm run test:faults -- --write\`
starts real Redis servers, two built server processes and a crowd of clients, lets one fault after the other happen, and
writes this page. Measured on ${onDay(now)}, in ${Math.round(seconds)} seconds: ${machine()}, which clients, servers and every
Redis share.

${table(outcomes)}

The command ends with 1 where anything is not 0 that must be: double, lost, wrongly revoked, over 2 s, other 5xx, crashes.
\`npm run test:faults -- --short\` does part of it on a single Redis in about 20 seconds; a test does the same and looks at
all of it but the times.

## What is done

- **single**: one Redis with \`appendonly yes\` and \`appendfsync always\`, behind a network that can be cut. What is sent
  while it is cut arrives when it is mended, as with TCP.
- **sentinel**: a master, two replicas, three sentinels that call a master down after 1 second. REDIS_WAIT_REPLICAS=1.
  A master that stood still while another one was chosen goes on as a master, until a sentinel gets to it some 10 seconds
  later. No server goes back to it meanwhile.
- **cluster**: three masters with a replica each, \`cluster-node-timeout\` 1.5 seconds. REDIS_WAIT_REPLICAS=1.

Everyone in the crowd is signed in and goes from flow to flow, each request to one server or the other: authorized without a
question, redeemed, introspected, refreshed twice. A client that gets 503 or no answer repeats a refresh and begins again with
a code, as [docs/wire.md](../wire.md#errors) says. In one flow of five each, instead: the client repeats its redemption until
there is an answer; a thief presents the code once more with another verifier; the redemption comes once more when all is well
again; it comes twice at once. When all is well again, every refresh token that a flow ended with is refreshed.

The network is cut only where there is one address. Sentinels and nodes of a cluster tell their own addresses, which no proxy
stands before.

## The columns

- **flows**: that came to their end, before, during and after the fault.
- **double**: codes that gave tokens twice.
- **lost**: codes, refresh tokens, sessions and consents that were handed out, and are unknown now.
- **wrongly revoked**: authorizations that ended as if stolen, though their client did what it may.
- **failed safe**: codes whose redemption got 503 or no answer and that were refused when they were repeated, which
  [0025](../adr/0025-asking-again-after-a-lost-answer.md) accepts: the redemption had happened. No other flow is hurt by it.
- **interrupted**: requests answered with 503 or by nothing.
- **unavailable**: the longest time in which no request of anyone succeeded. In a cluster others go on meanwhile.
- **over 2 s**, **slowest**: requests that took longer than the server promises, as the client sees it, and the longest.
- **other 5xx**: answers of 500 and above that are not 503.
- **crashes**: processes that ended by themselves or with another code than 0, faults in the log that nobody foresaw, and
  whatever was written to standard error.
`
}
