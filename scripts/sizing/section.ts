import { coreRows, type Figures, type Row, redisRows } from './tables.ts'

const NAMES: Record<keyof Figures, readonly [name: string, unit: string]> = {
  authorization: ['`authorization:`, one key', 'bytes'],
  indexEntry: ['`authorizations-of:`, for each authorization', 'bytes'],
  consent: ['`consents:`, for each client', 'bytes'],
  session: ['`session:`, one key', 'bytes'],
  interaction: ['`interaction:`, one key', 'bytes'],
  memory: ['`used_memory` for each authorization, all included', 'bytes'],
  signIn: ['CPU for a sign-in', 'ms'],
  flow: ['CPU for a flow without a page', 'ms'],
  refresh: ['CPU for a refresh', 'ms'],
  introspection: ['CPU for an introspection', 'ms'],
  redisFlow: ['CPU of Redis for a flow without a page', 'ms'],
  resident: ['memory of the server after all of this', 'MB'],
}

/** The measured part of docs/operations/sizing.md: what was measured, and the tables that follow from it. */
export function writeSection(figures: Figures, versions: string): string {
  const measured = Object.entries(NAMES).map(
    ([key, [name, unit]]): Row => [name, `${figures[key as keyof Figures]} ${unit}`],
  )
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)} with ${versions}.`,
    table(['What', 'Measured'], measured),
    table(['Live authorizations', 'Records', 'Memory to give Redis', 'Shards'], redisRows(figures)),
    table(['What', 'One core, a second', 'Cores for 10/s', 'Cores for 100/s', 'Cores for 1000/s'], coreRows(figures)),
  ].join('\n\n')
}

function table(head: Row, rows: readonly Row[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** The figures of a page that holds such a section. Throws naming what is missing. */
export function readSection(page: string): Figures {
  const rows = tableRows(page)
  const entries = Object.entries(NAMES).map(([key, [name, unit]]) => {
    const text = rows.find(([head]) => head === name)?.[1]
    const value = text?.endsWith(` ${unit}`) ? Number.parseFloat(text) : Number.NaN
    if (Number.isNaN(value)) throw new Error(`the page does not say: ${name}`)
    return [key, value]
  })
  return Object.fromEntries(entries) as Figures
}

/** The cells of every row of every table of a page. */
export function tableRows(page: string): string[][] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.slice(1, -1).split('|'))
    .map((cells) => cells.map((cell) => cell.trim()))
}
