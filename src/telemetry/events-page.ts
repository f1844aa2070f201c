import { auditEvents, type EventName, eventMembers } from './events.ts'

/** The text of docs/audit-events.md, made from the table of events. */
export function eventsPage(): string {
  const events = Object.entries(auditEvents) as Array<[EventName, (typeof auditEvents)[EventName]]>
  return `# Audit events

One line of the log for every security decision: JSON on standard output, with the event's name in the member \`audit\`.
Events that may be an attack have the level \`warn\`, all others \`info\`. No line holds a code, token, secret, password or
cookie. Every line that is written for a request has its \`request_id\` too, which the answer has in the header
\`X-Request-Id\`. This page is made from the table in \`src/telemetry/events.ts\` by \`npm run docs:events\`.

${events.map(([name, row]) => section(name, row)).join('\n\n')}

## Members

${Object.entries(eventMembers)
  .map(([name, { kind, doc }]) => `- \`${name}\` (${kind}): ${doc}`)
  .join('\n')}
`
}

function section(name: string, row: { doc: string; members: readonly string[]; alarming?: true }): string {
  const members = row.members.map((member) => `\`${member}\``).join(', ')
  return `## ${name}\n\n${row.doc}${row.alarming ? ' Level `warn`.' : ''}\n\nCarries ${members}.`
}
