import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readSection, tableRows } from '../../scripts/sizing/section.ts'
import { coreRows, redisRows } from '../../scripts/sizing/tables.ts'

const page = readFileSync(join(resolve(import.meta.dirname, '../..'), 'docs/operations/sizing.md'), 'utf8')
const [, measured = ''] = page.split(/<!-- \/?measured -->/)

describe('the page about sizing', () => {
  it('computes its tables from what was measured', () => {
    const figures = readSection(measured)
    const rows = tableRows(measured)
    expect(rows).toEqual(expect.arrayContaining([...redisRows(figures), ...coreRows(figures)]))
  })

  it('says when it was measured, and with what', () => {
    expect(measured).toMatch(/^\s*Measured on \d{4}-\d\d-\d\d with Latchkey \S+, Node \S+, Redis \S+\.$/m)
  })

  it('multiplies: ten times the authorizations is ten times the memory, and half as much again is given', () => {
    expect(redisRows({ memory: 1000 })).toEqual([
      ['1 million', '1.0 GB', '1.5 GB', '1'],
      ['10 million', '10.0 GB', '15.0 GB', '1'],
      ['100 million', '100.0 GB', '150.0 GB', '6'],
    ])
  })

  it('divides: cores are for 60 % of what they could do', () => {
    const rows = coreRows({ signIn: 30, flow: 3, refresh: 0.6, introspection: 1 })
    expect(rows).toEqual([
      ['sign-ins', '33', '1', '5', '50'],
      ['flows without a page', '333', '1', '1', '5'],
      ['refreshes', '1666', '1', '1', '1'],
      ['introspections', '1000', '1', '1', '2'],
    ])
  })
})
