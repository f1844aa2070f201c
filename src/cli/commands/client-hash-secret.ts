import * as members from '../../config/members.ts'
import { Problems } from '../../config/problem.ts'
import { command, json } from '../command.ts'
import { CliError, EXIT } from '../exit.ts'
import { readSecret } from '../read-input.ts'

export const clientHashSecret = command({
  name: 'client hash-secret',
  summary: 'print the client_secret_hash of a client secret',
  usage: `Reads a client secret of at least 32 characters from standard input, or asks for it without
showing it, and prints its client_secret_hash for CLIENTS. The secret is never an argument:
those stand in the shell's history and in the list of processes.`,
  options: { json },
  async run({ json: asJson }, io) {
    const client_secret_hash = hashSecret(await readSecret(io, 'client secret'))
    io.out(asJson === true ? `${JSON.stringify({ client_secret_hash })}\n` : `${client_secret_hash}\n`)
    return EXIT.ok
  },
})

/** The hash as CLIENTS has it. The reader of CLIENTS decides what a secret must be and what its hash is. */
export function hashSecret(secret: string): string {
  try {
    return `sha256:${members.plainSecret(secret)}`
  } catch (error) {
    if (!(error instanceof Problems)) throw error
    throw new CliError(EXIT.data, ...error.lines.map((line) => `the client secret ${line}`))
  }
}
