import { hashPassword, LONGEST_PASSWORD } from '../../identity/password-hash.ts'
import { command, json } from '../command.ts'
import { CliError, EXIT } from '../exit.ts'
import { readSecret } from '../read-input.ts'

export const userHashPassword = command({
  name: 'user hash-password',
  summary: 'print the password_hash of a password',
  usage: `Reads a password from standard input, or asks for it without showing it, and prints its
password_hash (argon2id) for USERS. The password is never an argument: those stand in the
shell's history and in the list of processes.`,
  options: { json },
  async run({ json: asJson }, io) {
    const password = await readSecret(io, 'password')
    if (password.length > LONGEST_PASSWORD) {
      throw new CliError(
        EXIT.data,
        `the password is longer than ${LONGEST_PASSWORD} characters; sign-in would refuse it`,
      )
    }
    const password_hash = await hashPassword(password)
    io.out(asJson === true ? `${JSON.stringify({ password_hash })}\n` : `${password_hash}\n`)
    return EXIT.ok
  },
})
