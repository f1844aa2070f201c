/**
 * The bill of materials of what runs in production, as CycloneDX JSON on standard output: `npm run -s sbom > sbom.json`. It is
 * made from the lock file, which the image is built from, so nothing has to be installed and every platform gives the same.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const { devDependencies: _dev, ...manifest } = read('package.json')
const lock = read('package-lock.json')

// `npm sbom --omit=dev` leaves out what production shares with development, Express among it. So npm is shown a project
// that has no development.
const { devDependencies: _locked, ...rootEntry } = lock.packages['']
const production = Object.entries(lock.packages).filter(
  ([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional,
)
const pruned = { ...lock, packages: { '': rootEntry, ...Object.fromEntries(production) } }

const folder = mkdtempSync(join(tmpdir(), 'latchkey-sbom-'))
writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(pruned))
// Under `npm run --silent` this npm would not say either what is wrong.
const env = { ...process.env, npm_config_loglevel: 'error' }
const args = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application']
const { status, stdout, stderr } = spawnSync('npm', args, { cwd: folder, env, encoding: 'utf8', maxBuffer: 64e6 })
rmSync(folder, { recursive: true })
if (status !== 0) {
  process.stderr.write(stderr)
  process.exit(1)
}

const bill = JSON.parse(stdout)
// npm names the folder.
bill.metadata.component.name = manifest.name
process.stdout.write(`${JSON.stringify(bill, null, 2)}\n`)

function read(name) {
  return JSON.parse(readFileSync(join(root, name), 'utf8'))
}
