import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { goals, judge } from '../../bench/goals.ts'
import { writePerformancePage, writeSummary } from '../../bench/report.ts'
import { figure, formatTable, percent } from '../../bench/table.ts'
import { extras, results } from './results.ts'

const root = join(import.meta.dirname, '..', '..')

describe('the tables of a run', () => {
  it('are padded, names to the left and figures to the right', () => {
    expect(
      formatTable(
        ['Server', 'ms'],
        [
          ['a', '1.25'],
          ['longer than that', '10'],
        ],
      ).split('\n'),
    ).toEqual([
      '| Server           |   ms |',
      '| ---------------- | ---: |',
      '| a                | 1.25 |',
      '| longer than that |   10 |',
    ]) // prettier-ignore
  })

  it.each([
    [0.1234, '0.12'],
    [1.25, '1.25'],
    [12.34, '12.3'],
    [1234.5, '1235'],
    [0, '0.00'],
    [undefined, '–'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '–'],
  ])('show %p as %s', (value, shown) => {
    expect(figure(value)).toBe(shown)
  })

  it('show a share as a percentage', () => {
    expect(percent(0.987)).toBe('98.7 %')
  })

  it('tell of every operation and server that was measured, and of no other', () => {
    const summary = writeSummary(results(), judge(goals, results()))
    expect(summary).toMatch(/^\| redeem, latchkey +\| +0\.50 \| +2000 \|/m)
    expect(summary).toContain('| refresh, express-floor')
    expect(summary).not.toContain('| redeem, node-floor')
  })

  it('show how often an operation failed', () => {
    const run = results()
    const figures = run.operations.redeem?.servers.latchkey
    if (figures !== undefined) figures.failures = { 'no tokens came': 3, 'no code came': 4 }
    expect(writeSummary(run, [])).toMatch(/^\| redeem, latchkey .*\| +7 \|$/m)
  })

  it('of a partial run say nothing of what was not measured', () => {
    const partial = results({ extras: undefined })
    expect(writeSummary(partial, judge(goals, partial))).not.toContain('foreign keys |')
    expect(writeSummary(partial, judge(goals, partial))).toMatch(/bytes of a code .*not measured/)
  })

  it('make a page that the format check accepts as it is', () => {
    const other = results({
      machine: { ...results().machine, versions: { ...results().machine.versions, node: '24.1.0' } },
    })
    const before = { commit: 'def5678', date: '2026-01-01', shares: extras().shares }
    const page = writePerformancePage({ ...results(), extras: extras() }, judge(goals, results()), {
      before,
      others: [other],
    })
    const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
    const args = [biome, 'format', '--stdin-file-path=docs/performance.md']
    expect(execFileSync(process.execPath, args, { cwd: root, input: page, encoding: 'utf8' })).toBe(page)
    expect(page).toMatch(/^\| crypto +\|(?: +10\.0 \(9 %\) \|){6}$/m)
    expect(page).toContain('## The same on Node 24.1.0')
    expect(page).toContain('Measured 2026-01-31 at commit abc1234 on 8 cores of A Processor')
  })
})
