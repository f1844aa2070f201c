import { dirname, join } from 'node:path'
import { build as bundle } from 'esbuild'
import { buildServer } from '../test/helpers/server-process.ts'

/** Everything that is measured, as plain JavaScript in a folder of its own: no loader runs in a server. */
export interface Build {
  /** Holds dist/, as `npm run build` makes it, and bench/. */
  directory: string
  remove(): Promise<void>
}

const PROGRAMS = ['probe', 'express-floor', 'node-floor', 'oidc-provider']

export async function buildAll(): Promise<Build> {
  const { main, remove } = await buildServer()
  const directory = dirname(dirname(main))
  await bundle({
    entryPoints: PROGRAMS.map((name) => join(import.meta.dirname, 'servers', 'programs', `${name}.ts`)),
    outdir: join(directory, 'bench'),
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  })
  return { directory, remove }
}
