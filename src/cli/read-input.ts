import { readUtf8 } from '../lib/encoding.ts'
import { CliError, EXIT } from './exit.ts'
import type { Io } from './io.ts'
import { isInteractive, openPrompt } from './prompt.ts'

/** Everything on standard input. */
export async function readStdin(io: Io): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of io.stdin) chunks.push(Buffer.from(chunk))
  return requireUtf8(Buffer.concat(chunks))
}

/** @throws CliError where the bytes are not UTF-8: guessing would change a secret unseen */
export function requireUtf8(bytes: Uint8Array): string {
  const text = readUtf8(bytes)
  if (text === undefined) throw new CliError(EXIT.data, 'the input is not UTF-8')
  return text
}

/**
 * A secret of one line from standard input, or asked twice at a terminal without an echo. It is never an argument: those
 * stand in the shell's history and in the list of processes.
 *
 * @param name what it is, such as `password`
 */
export async function readSecret(io: Io, name: string): Promise<string> {
  const secret = isInteractive(io) ? await askTwice(io, name) : (await readStdin(io)).replace(/\r?\n$/, '')
  if (secret === '') throw new CliError(EXIT.data, `the ${name} is empty`)
  if (/[\r\n]/.test(secret)) throw new CliError(EXIT.data, `the ${name} must be one line`)
  return secret
}

async function askTwice(io: Io, name: string): Promise<string> {
  const prompt = openPrompt(io)
  try {
    const first = await prompt.askHidden(`${name}:`)
    const second = await prompt.askHidden(`${name} again:`)
    if (first !== second) throw new CliError(EXIT.data, `the ${name} was not the same both times`)
    return first
  } finally {
    prompt.close()
  }
}
