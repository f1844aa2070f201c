import type { Judgement } from './goals.ts'
import type { Before, Extras, Results } from './results.ts'
import { goalsTable, loadTable, operationsTable, ratiosTable, redisTable, sharesTable } from './tables.ts'

const GIBIBYTE = 2 ** 30

/** All tables of a run, for a terminal. */
export function writeSummary(results: Results, judgements: readonly Judgement[]): string {
  const { extras } = results
  const tables = [operationsTable(results), ratiosTable(results)]
  if (extras !== undefined) tables.push(redisTable(extras), loadTable(extras))
  return [...tables, goalsTable(judgements)].join('\n\n')
}

/** What a run on another version of Node came to. */
function writeOther(results: Results): string {
  const { node } = results.machine.versions
  return `## The same on Node ${node}

${ratiosTable(results)}

${operationsTable(results)}

`
}

/** The text of docs/performance.md, made from a whole run. */
export function writePerformancePage(
  results: Results & { extras: Extras },
  judgements: readonly Judgement[],
  beside: { before: Before; others: readonly Results[] },
): string {
  const { machine, plan, extras } = results
  const { before, others } = beside
  const { versions } = machine
  return `# Performance

Made by \`npm run bench\`; do not edit. Measured ${machine.date} at commit ${machine.commit} on ${machine.cores} cores of ${machine.cpu},
${(machine.memory / GIBIBYTE).toFixed(0)} GiB, ${machine.system}; load before the run ${machine.load.toFixed(2)}. Node ${versions.node}, Redis ${versions.redis}, Express ${versions.express},
oidc-provider ${versions['oidc-provider']}.

## Goals

${goalsTable(judgements)}

## Latchkey beside others

${ratiosTable(results)}

- **Express floor**: an Express app that does the least the operation takes: its calls to Redis, one ES256 signature by the
  fastest way Node has, an answer of the same shape. It is no safe server; what Latchkey costs beyond it is the price of its
  checks, its audit log and its structure.
- **Node floor**: the same work without Express.
- **oidc-provider**: node-oidc-provider with the same clients, PKCE, rotation, ES256 access tokens by resource indicators, and
  a Redis adapter as its documentation describes one.

Every server runs as one process with \`NODE_ENV=production\` on the same Redis. Latchkey is the built \`dist/main.js\` and writes
its audit log at level info to a file; the others write no log.

${others.map(writeOther).join('')}## All figures

${operationsTable(results)}

CPU is that of the server process with all its threads, as it counts it itself, for one operation; neither Redis nor the
driver is in it. Each figure is the median of ${plan.rounds} rounds of ${plan.operations} operations over ${plan.lanes} connections, after ${plan.warmUp} to warm up. The servers
take turns within each round and each round begins with another one. The ratios above are the medians of the ratios of each
round, which differ from the ratios of the medians: what slows the machine down for a while slows both servers of a pair.
Every answer is checked, and those that are wrong count as failed and in no other figure.

- **redeem**: a public client redeems a code. The codes are made before, by the server's own authorization endpoint.
- **refresh**: every connection has an authorization of its own and goes on with the token it got last.
- **authorize**: signed in, consent remembered; the browser is sent back with a code and sees no page.
- **introspect**: a confidential client asks about its own refresh token. A JWT access token is none that oidc-provider
  introspects.

## Where the time goes

${sharesTable(before.shares, extras.shares)}

The time of the main thread for one operation, by a CPU profile of V8, which itself slows things down. JSON is counted where it
was asked for, unless V8 tells it apart. Before is commit ${before.commit}, measured ${before.date} by the same program on the same
machine. What was changed since, and what it brought, is in the ADRs [0029](adr/0029-what-a-request-may-cost.md),
[0031](adr/0031-right-secrets-in-a-row.md), [0032](adr/0032-one-write-a-turn.md) and [0034](adr/0034-born-with-their-prototypes.md);
what is left, and what was tried in vain, in [0036](adr/0036-where-speed-ends.md). The server could do less then: it had no rate
limits, request ids and metrics.

## Redis

${redisTable(extras)}

Commands as they reach Redis, without what scripts call inside. Latchkey sends each by itself, so for it they are round
trips; the adapter of oidc-provider sends some of them together, \`MULTI\` and \`EXEC\` among them. Bytes are those of all keys
that the flow made, by \`MEMORY USAGE\`; what it added to keys that were there before, such as the index of a session or a
grant, is not in them.

## Under load

${loadTable(extras)}

Two processes are compared by CPU: twice the CPU of one, divided by what an operation costs more when two share a Redis. The
RSS is taken before garbage is collected, the heap after.

## What this cannot tell

- Driver, servers and Redis share one machine and its cores, over loopback: throughput and times are lower and less even than
  with a machine for each, and no network is in them. CPU for one operation is the figure to plan with.
- Throughput is less far apart than CPU, since driver and Redis take their share of the cores whichever server they serve. Where
  a server answers in 50 µs it is the driver that is measured.
- Other processors give other figures, and the ratios move with them, too: signatures may be cheap where JavaScript is not.
- TLS, a proxy and a Redis cluster are not in it. Nor is a person: pages and password hashes are not measured but as what
  the sign-ins beside the refreshes cost.
- One client and one person: a registration with thousands of clients is not shown.
- Latchkey and oidc-provider do not do the same beyond the protocol, and both have other settings; these are close to what
  either recommends.
`
}
