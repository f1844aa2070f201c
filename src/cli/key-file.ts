import { readFileSync } from 'node:fs'
import { Problems } from '../config/problem.ts'
import { readSigningKeys, type SigningJwk } from '../config/signing-keys.ts'
import { CliError, EXIT, usageError } from './exit.ts'
import type { Io } from './io.ts'
import { isInteractive } from './prompt.ts'
import { readStdin, requireUtf8 } from './read-input.ts'

/** The option of commands that read a private JWKS. */
export const file = {
  type: 'string',
  value: 'path',
  summary: 'the private JWKS; standard input where it is left out',
} as const

/**
 * The keys of a private JWKS in a file or on standard input.
 *
 * @throws CliError naming what is wrong with it
 */
export async function readKeys(path: string | undefined, io: Io): Promise<SigningJwk[]> {
  if (path === undefined && isInteractive(io)) {
    throw usageError('name the private JWKS with --file, or give it on standard input')
  }
  const text = path === undefined ? await readStdin(io) : readFile(path)
  try {
    return readSigningKeys(text)
  } catch (error) {
    if (!(error instanceof Problems)) throw error
    throw new CliError(EXIT.data, ...error.lines.map((line) => `${path ?? 'the private JWKS'} ${line}`))
  }
}

function readFile(path: string): string {
  try {
    return requireUtf8(readFileSync(path))
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError(EXIT.io, `${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`)
  }
}
