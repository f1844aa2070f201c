import { makeKey } from '../../keys/make-key.ts'
import { command, json } from '../command.ts'
import { EXIT } from '../exit.ts'
import { algOption, readAlg, readKid } from '../key-options.ts'

export const keysGenerate = command({
  name: 'keys generate',
  summary: 'print a private JWKS with one new signing key',
  usage: `Prints a private JWKS with one active key, on one line, for SIGNING_KEYS or for the file that
SIGNING_KEYS_FILE names. Keep it secret:

  (umask 077 && latchkey keys generate > signing-keys.json)

To put another key in place of one in use, see latchkey keys rotate --help.`,
  options: {
    alg: algOption('ES256'),
    kid: { type: 'string', value: 'name', summary: 'its name; its thumbprint (RFC 7638) where it is left out' },
    json: { ...json, summary: 'print JSON, as without this option' },
  },
  async run({ alg = 'ES256', kid }, io) {
    const key = await makeKey(readAlg(alg), 'active', kid === undefined ? undefined : readKid(kid))
    io.out(`${JSON.stringify({ keys: [key] })}\n`)
    return EXIT.ok
  },
})
