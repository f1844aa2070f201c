import { wrap } from '../lib/wrap.ts'
import { schema } from './schema.ts'
import type { Variable } from './variables/variable.ts'

const WIDTH = 100

/** The text of `.env.example`, made from the schema. */
export function envExample(): string {
  const rows = Object.entries(schema) as Array<[string, Variable<unknown>]>
  const sections = [...new Set(rows.map(([, row]) => row.section))]
  const blocks = sections.map((section) => {
    const lines = rows.filter(([, row]) => row.section === section).map(([name, row]) => entry(name, row))
    return `# ---- ${section} ----\n\n${lines.join('\n\n')}`
  })
  const head = [
    '# Every variable the server reads. An empty one is unset. Any of them may come from a file instead:',
    '# set NAME_FILE to its path. Lines that are commented out show the default or an example.',
  ]
  return `${head.join('\n')}\n\n${blocks.join('\n\n')}\n`
}

function entry(name: string, row: Variable<unknown>): string {
  const comment = wrap(row.doc, WIDTH - 2).map((line) => `# ${line}`)
  return [...comment, `#${name}=${row.fallback ?? row.example ?? ''}`].join('\n')
}
