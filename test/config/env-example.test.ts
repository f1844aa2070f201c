import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { envExample } from '../../src/config/env-example.ts'
import { schema } from '../../src/config/schema.ts'
import type { Variable } from '../../src/config/variables/variable.ts'
import { load, problemsOf } from './load.ts'

const text = envExample()
const lines = text.split('\n')
const rows = Object.entries(schema) as [string, Variable<unknown>][]
const assignments = lines.flatMap((line) => {
  const [, name, value] = /^#([A-Z_]+)=(.*)$/.exec(line) ?? []
  return name === undefined ? [] : [[name, value]]
})

it('is what stands in .env.example', () => {
  // To make it again: npm run --silent env:example > .env.example
  expect(readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8')).toBe(text)
})

it('has every variable once, with its default or its example', () => {
  const expected = rows.map(([name, row]) => [name, row.fallback ?? row.example ?? ''])
  expect([...assignments].sort()).toEqual(expected.sort())
})

it('sets nothing by itself', () => {
  expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([])
})

it('breaks its comments at 100 characters', () => {
  const comments = lines.filter((line) => line.startsWith('# '))
  expect(comments.filter((line) => line.length > 100)).toEqual([])
  expect(comments.some((line) => line.length > 90)).toBe(true)
})

it('shows each section once', () => {
  const headings = lines.filter((line) => line.startsWith('# ----'))
  expect(headings).toEqual([...new Set(rows.map(([, row]) => `# ---- ${row.section} ----`))])
})

it('shows the defaults that the server has', () => {
  const shown = Object.fromEntries(assignments.filter(([name]) => schema[name as keyof typeof schema].fallback))
  expect(load(shown)).toEqual(load({}))
})

it.each(['SECRET_KEYS', 'SIGNING_KEYS'])(
  'shows a %s that is refused where somebody uncomments it: all could read it',
  (name) => {
    const [, example] = assignments.find(([shown]) => shown === name) as [string, string]
    expect(problemsOf({ [name]: example }).join()).toMatch(new RegExp(`^${name} `))
  },
)

it('shows no secret of which a part would be taken', () => {
  const [, example] = assignments.find(([shown]) => shown === 'SECRET_KEYS') as [string, string]
  for (const part of example.split(',')) expect(problemsOf({ SECRET_KEYS: part })).toHaveLength(1)
})
