import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/conformance.md'), 'utf8')

/** The cells of every row of a table of requirements; heads and rules have no section sign. */
const rows = page
  .split('\n')
  .filter((line) => /^\| *(§|\(none\))/.test(line))
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  )

/** `file` › "name" */
const quoted = [...page.matchAll(/`(test\/[\w/.-]+\.ts)` › "([^"]+)"/g)].map(([, file = '', name = '']) => ({
  file,
  name,
}))

describe('the conformance table', () => {
  it('names tests that exist, by the name in their source', () => {
    const missing = quoted.filter(({ file, name }) => !hasTest(file, name))
    expect(missing).toEqual([])
  })

  it('names its tests in no other way than the one that is checked', () => {
    expect(rows.join().match(/`test\//g)).toHaveLength(quoted.length)
    expect(quoted.length).toBeGreaterThan(100)
  })

  it('ends every row with a test, or says what is not met', () => {
    const bare = rows.filter((cells) => {
      const [, , here = '', shown = ''] = cells
      return cells.length !== 4 || (!shown.includes(' › "') && !/^Not (met|supported): /.test(here))
    })
    expect(bare).toEqual([])
  })
})

/** Whether the file has the name as a whole string: that of it.each with its places for values. */
function hasTest(file: string, name: string): boolean {
  const path = join(root, file)
  if (!existsSync(path)) return false
  const source = readFileSync(path, 'utf8')
  return ["'", '"', '`'].some((mark) => source.includes(mark + name + mark))
}
