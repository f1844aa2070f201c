import type { Cause, Causes, Fault } from './causes/cause.ts'
import { causeGroups } from './causes.ts'

const AT_FAULT: Readonly<Record<Fault, string>> = {
  partner: 'the partner',
  operator: 'the operator',
  user: 'the user',
  nobody: 'nobody',
}

/** The text of docs/causes.md, made from the table of causes. */
export function causesPage(): string {
  return `# Causes

Every refusal has an error id, and under it the log has the exact cause: a short word that never changes. This page has them
all; \`latchkey explain\` finds the refusal of an id and says the same about it. A name that ends with \`*\` stands for all that
begin alike. This page is made from the table in \`src/telemetry/causes.ts\` by \`npm run docs:causes\`.

${Object.entries(causeGroups)
  .map(([title, rows]) => group(title, rows))
  .join('\n\n')}
`
}

function group(title: string, rows: Causes): string {
  return [`## ${title}`, ...Object.entries(rows).map(([name, row]) => section(name, row))].join('\n\n')
}

function section(name: string, { title, explanation, rule, remedy, fault }: Cause): string {
  return [
    `### \`${name}\`: ${title}`,
    `${explanation}`,
    `- What to change: ${remedy}\n- Whose it is: ${AT_FAULT[fault]}\n- Rule: ${rule}`,
  ].join('\n\n')
}
