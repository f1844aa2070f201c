import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'

export const ROOT = join(import.meta.dirname, '..', '..')
export const FOLDER = join(ROOT, 'deploy', 'kubernetes')

/** One object of a manifest, with the file it stands in. */
export interface Manifest {
  file: string
  kind: string
  value: unknown
}

/** Every object of every YAML file of a folder but the kustomization; throws where a file cannot be read. */
export function readManifests(folder: string): Manifest[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
  return files.flatMap((file) =>
    parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => {
      if (document.errors[0] !== undefined) throw document.errors[0]
      const value = document.toJS() as { kind: string }
      return { file, kind: value.kind, value }
    }),
  )
}
