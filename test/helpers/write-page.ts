import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const ROOT = resolve(import.meta.dirname, '..', '..')

/** Writes a page of docs as the linter wants it. @param path from the root of the repository */
export async function writePage(path: string, text: string): Promise<void> {
  const file = join(ROOT, path)
  await writeFile(file, text)
  await promisify(execFile)(join(ROOT, 'node_modules', '.bin', 'biome'), ['format', '--write', file], { cwd: ROOT })
}
