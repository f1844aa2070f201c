import { makeKey } from '../../keys/make-key.ts'
import { command, json } from '../command.ts'
import { EXIT, usageError } from '../exit.ts'
import { algOption, readAlg, readKid } from '../key-options.ts'

export const keysGenerate = command({
  name: 'keys generate',
  summary: 'print a private JWKS with a new signing key',
  usage: `Prints a private JWKS with one active key, on one line, for SIGNING_KEYS or for the file that
SIGNING_KEYS_FILE names. Keep it secret:

  (umask 077 && latchkey keys generate > signing-keys.json)

With --alg given more than once there is one key of each: the first signs by default, the others
sign the ID tokens of clients that are registered for them. Many OpenID clients want RS256:

  (umask 077 && latchkey keys generate --alg ES256 --alg RS256 > signing-keys.json)

To put another key in place of one in use, see latchkey keys rotate --help.`,
  options: {
    alg: { ...algOption('ES256'), multiple: true },
    kid: { type: 'string', value: 'name', summary: 'its name; its thumbprint (RFC 7638) where it is left out' },
    json: { ...json, summary: 'print JSON, as without this option' },
  },
  async run({ alg = ['ES256'], kid }, io) {
    const algorithms = alg.map(readAlg)
    if (new Set(algorithms).size < algorithms.length) throw usageError('--alg names an algorithm twice')
    if (kid !== undefined && algorithms.length > 1) throw usageError('--kid names one key, so it goes with one --alg')
    const name = kid === undefined ? undefined : readKid(kid)
    const keys = await Promise.all(algorithms.map((each) => makeKey(each, 'active', name)))
    io.out(`${JSON.stringify({ keys })}\n`)
    return EXIT.ok
  },
})
