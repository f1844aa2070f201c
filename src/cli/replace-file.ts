import {
  closeSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Random } from '../lib/random.ts'
import { CliError, EXIT } from './exit.ts'

/**
 * Puts other text in place of a file's, whole or not at all: whoever reads it meanwhile gets the old or the new text, and
 * a full disk costs nothing. Its owner stays, and nobody else may read it.
 */
export function replaceFile(path: string, text: string, random: Random): void {
  try {
    // A link stays a link: what it leads to is replaced.
    const target = realpathSync(path)
    const { uid, gid } = statSync(target)
    // In the same folder, since a rename over the border of a file system is a copy.
    const draft = join(dirname(target), `.${basename(target)}.${random.id()}`)
    try {
      writeDraft(draft, text, { uid, gid })
      renameSync(draft, target)
    } catch (error) {
      rmSync(draft, { force: true })
      throw error
    }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown reason'
    throw new CliError(EXIT.io, `${path} cannot be replaced, and is as it was: ${reason}`)
  }
}

function writeDraft(path: string, text: string, owner: { uid: number; gid: number }): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, text)
    // Where root rotates the keys of a server that runs as someone else, that server must still be able to read them.
    const { uid, gid } = fstatSync(file)
    if (uid !== owner.uid || gid !== owner.gid) fchownSync(file, owner.uid, owner.gid)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
