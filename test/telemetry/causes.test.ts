import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { causeGroups, causeOf, causes } from '../../src/telemetry/causes.ts'
import { causesPage } from '../../src/telemetry/causes-page.ts'
import { causesInSources } from '../helpers/causes.ts'

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'causes.md')

describe('the table of causes', () => {
  it('has a row for every cause that the sources give', () => {
    const missing = [...causesInSources()].filter((name) => !Object.hasOwn(causes, name))
    expect(missing).toEqual([])
    expect(causesInSources().size).toBeGreaterThan(150)
  })

  it('has no row for a cause that the sources give no longer, and none twice', () => {
    const given = causesInSources()
    expect(Object.keys(causes).filter((name) => !given.has(name))).toEqual([])
    const rows = Object.values(causeGroups).flatMap((group) => Object.keys(group))
    expect(rows).toHaveLength(new Set(rows).size)
  })

  it('says whole sentences, and names a rule', () => {
    for (const [name, { title, explanation, rule, remedy }] of Object.entries(causes)) {
      expect({ name, whole: /\.$/.test(explanation) && /^[A-Z].*\.$/.test(remedy) }).toEqual({
        name,
        whole: true,
      })
      expect({ name, title: /\.$/.test(title), rule: rule.length > 5 }).toEqual({ name, title: false, rule: true })
    }
  })

  it('finds the row of a family by any of its members, and nothing for what it does not know', () => {
    expect(causeOf('assertion-with-jku')).toBe(causes['assertion-with-*'])
    expect(causeOf('long-state')).toBe(causes['long-state'])
    expect(causeOf('long-nonce')).toBe(causes['long-*'])
    expect(causeOf('constructor')).toBeUndefined()
    expect(causeOf('of-another-version')).toBeUndefined()
  })

  it('makes docs/causes.md', () => {
    expect(readFileSync(PAGE, 'utf8')).toBe(causesPage())
  })
})
