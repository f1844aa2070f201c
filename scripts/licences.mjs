/**
 * The licences of all that is installed for production, as Markdown on standard output: `npm run -s licences >
 * docs/licences.md`. Ends with code 1 and names the packages where a licence is not among those we may use.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Licences that ask for no more than their text and the names of the authors. */
const ALLOWED = ['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT']

// Another root may be given, for trying it out.
const root = process.argv[2] ?? join(import.meta.dirname, '..')
const manifest = readManifest(root)
const found = new Map()
collect(root, manifest.dependencies, false)

const packages = [...found.values()].sort((a, b) => (a.name + a.version < b.name + b.version ? -1 : 1))
const refused = packages.filter(({ licence }) => !isAllowed(licence))
if (refused.length > 0) {
  for (const { name, version, licence } of refused) {
    process.stderr.write(`${name} ${version}: the licence ${licence} is not among ${ALLOWED.join(', ')}\n`)
  }
  process.exit(1)
}
process.stdout.write(page(packages.filter(({ platform }) => !platform)))

/** Adds the packages of a list of dependencies and all that they need, as Node finds them from a folder. */
function collect(from, dependencies = {}, optional) {
  for (const name of Object.keys(dependencies)) {
    const folder = find(from, name)
    if (folder === undefined && optional) continue
    if (folder === undefined) throw new Error(`${name} is not installed: npm ci`)
    if (found.has(folder)) continue
    const { version, license, os, cpu, dependencies: own, optionalDependencies } = readManifest(folder)
    // Which builds for a platform are installed differs from machine to machine; they are checked and not listed.
    found.set(folder, { name, version, licence: license ?? 'that nobody named', platform: Boolean(os ?? cpu) })
    // npm copies optional dependencies into dependencies when it publishes.
    const needed = Object.fromEntries(
      Object.entries(own ?? {}).filter(([key]) => !(key in (optionalDependencies ?? {}))),
    )
    collect(folder, needed, false)
    collect(folder, optionalDependencies, true)
  }
}

function find(from, name) {
  const folder = join(from, 'node_modules', name)
  if (existsSync(join(folder, 'package.json'))) return folder
  return dirname(from) === from ? undefined : find(dirname(from), name)
}

function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

/** Of "A OR B" one has to be allowed, of "A AND B" both; anything more involved is for a person to read. */
function isAllowed(licence) {
  const text = String(licence).replace(/^\((.*)\)$/, '$1')
  if (text.includes(' OR ')) return text.split(' OR ').some((one) => ALLOWED.includes(one))
  return text.split(' AND ').every((one) => ALLOWED.includes(one))
}

function page(listed) {
  const lines = listed.map(({ name, version, licence }) => `- \`${name}\` ${version}: ${licence}`)
  return `# Licences

Every package that is installed for production, and its licence as its \`package.json\` says. Builds for one platform are
checked as well and have the licence of the package they belong to. This page is made by \`npm run licences\`.

${lines.join('\n')}
`
}
