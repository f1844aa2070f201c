import type { SigningJwk } from '../../config/signing-keys.ts'
import { command, json } from '../command.ts'
import { EXIT } from '../exit.ts'
import { file, readKeys } from '../key-file.ts'

export const keysList = command({
  name: 'keys list',
  summary: 'show the keys of a private JWKS without their secrets',
  usage: `Shows the name, algorithm and status of each key, and when it was retired.

  pending   published, and not yet used
  active    signs; of each algorithm one key may, and the first in the list is the default
  retired   published until the last token under it is over`,
  options: { file, json },
  async run({ file: path, json: asJson }, io) {
    const keys = await readKeys(path, io)
    io.out(asJson === true ? `${JSON.stringify({ keys: keys.map(describe) })}\n` : table(keys))
    return EXIT.ok
  },
})

/** What may be shown of a key, under the names of the file. */
export function describe({ kid, alg, status, retiredAt }: SigningJwk): Record<string, unknown> {
  return { kid, alg, status, ...(retiredAt === undefined ? {} : { retired_at: retiredAt }) }
}

/** A line for each key. */
export function table(keys: readonly SigningJwk[]): string {
  const width = Math.max(...keys.map(({ kid }) => kid.length))
  const lines = keys.map(({ kid, alg, status, retiredAt }) => {
    const since = retiredAt === undefined ? '' : ` since ${new Date(retiredAt * 1000).toISOString()}`
    return `${kid.padEnd(width)}  ${alg}  ${status}${since}`
  })
  return `${lines.join('\n')}\n`
}
