// Prints the packages that a process has loaded once it could serve requests. Run as a process of its own.
import { createRequire } from 'node:module'
import { createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config/load.ts'
import { buildDeps, supported } from '../../src/deps.ts'

const config = loadConfig(process.env, supported, () => {
  throw new Error('no files here')
})
createApp(await buildDeps(config))
// The packages in question are CommonJS, so that they are in its cache however they were imported.
const files = Object.keys(createRequire(import.meta.url).cache)
const names = files.map((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1])
process.stdout.write([...new Set(names)].join('\n'), () => process.exit(0))
