import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { folderWith } from '../helpers/folder.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const manifest = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }

function script(name: string, ...args: string[]) {
  return spawnSync(process.execPath, [join(ROOT, 'scripts', name), ...args], { encoding: 'utf8', maxBuffer: 64e6 })
}

/** A project with one dependency of that licence. */
function projectWith(license: string | undefined) {
  return folderWith({
    'package.json': JSON.stringify({ name: 'a-project', dependencies: { 'a-package': '1' } }),
    'node_modules/a-package/package.json': JSON.stringify({ name: 'a-package', version: '1.2.3', license }),
  })
}

describe('what the server depends on', () => {
  it('is explained package by package, and nothing else is', () => {
    const rows = read('docs/dependencies.md')
      .split('\n')
      .filter((line) => line.startsWith('| ['))
    const explained = rows.flatMap((row) => {
      const [, packages = ''] = row.split(' | ')[0]?.split(/^\| /) ?? []
      return [...packages.matchAll(/npmjs\.com\/package\/([^)]+)\)/g)].map(([, name]) => name)
    })
    expect([...explained].sort()).toEqual(Object.keys(manifest.dependencies).sort())
  })

  it('has the licences that docs/licences.md lists', () => {
    const { status, stdout, stderr } = script('licences.mjs')
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(read('docs/licences.md')).toBe(stdout)
  })

  it.each(['MIT', '(MIT OR GPL-3.0-only)', 'MIT AND ISC'])('may have the licence %s', (license) => {
    const project = projectWith(license)
    const { status, stdout } = script('licences.mjs', project.path)
    project.remove()
    expect(status).toBe(0)
    expect(stdout).toContain(`- \`a-package\` 1.2.3: ${license}`)
  })

  it.each(['GPL-3.0-only', 'MIT AND GPL-3.0-only', 'SEE LICENSE IN LICENSE', undefined])(
    'may not have the licence %s',
    (license) => {
      const project = projectWith(license)
      const { status, stderr } = script('licences.mjs', project.path)
      project.remove()
      expect(status).toBe(1)
      expect(stderr).toContain('a-package 1.2.3')
    },
  )

  it('is all in the bill of materials, and nothing that only development needs', () => {
    const { status, stdout } = script('sbom.mjs')
    expect(status).toBe(0)
    const bill = JSON.parse(stdout) as { bomFormat: string; components: Array<{ name: string; version: string }> }
    expect(bill.bomFormat).toBe('CycloneDX')
    const names = bill.components.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(Object.keys(manifest.dependencies)))
    expect(names).not.toContain('jest')
    const listed = [...read('docs/licences.md').matchAll(/^- `(.+)` (.+): /gm)].map(
      ([, name, version]) => `${name} ${version}`,
    )
    expect(bill.components.map(({ name, version }) => `${name} ${version}`)).toEqual(expect.arrayContaining(listed))
  })
})
