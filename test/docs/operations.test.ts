import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { auditEvents } from '../../src/telemetry/events.ts'

const FOLDER = join(resolve(import.meta.dirname, '../..'), 'docs/operations')
const pages = readdirSync(FOLDER).map((name) => ({
  path: join(FOLDER, name),
  text: readFileSync(join(FOLDER, name), 'utf8'),
}))

describe('the pages for operators', () => {
  it('look for audit events that there are', () => {
    const named = pages.flatMap(({ text }) => [...text.matchAll(/\.audit == "([^"]+)"/g)].map(([, name]) => name))
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter((name) => !Object.keys(auditEvents).includes(name as string))).toEqual([])
  })

  it('lead to files and headings that there are', () => {
    const dead = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].flatMap(([link, file = '', anchor]) => {
        const target = file === '' ? path : join(dirname(path), file)
        return existsSync(target) && (anchor === undefined || anchors(target).includes(anchor)) ? [] : [link]
      }),
    )
    expect(dead).toEqual([])
  })
})

/** The headings of a page as GitHub spells them in addresses. */
function anchors(path: string): string[] {
  const headings = readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)
  return [...headings].map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}
