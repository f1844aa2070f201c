import { activeAlgorithms, readSigningKeys, type SigningJwk } from '../../config/signing-keys.ts'
import { makeKey } from '../../keys/make-key.ts'
import { type PrivateJwks, withActive, withoutExpired, withPending } from '../../keys/rotation.ts'
import { toSeconds } from '../../lib/clock.ts'
import type { SigningAlgorithm } from '../../oauth/signing-algorithm.ts'
import { command, json } from '../command.ts'
import { CliError, EXIT, usageError } from '../exit.ts'
import { file, readKeys } from '../key-file.ts'
import { algOption, readAlg, readKid } from '../key-options.ts'
import { replaceFile } from '../replace-file.ts'
import { describe, table } from './keys-list.ts'

const PUBLISHED = `Next: let every server read the keys again (SIGHUP), wait at least 5 minutes, since that long
others may keep the public keys they have, and then run latchkey keys rotate --activate.
`
const ACTIVATED = `Next: let every server read the keys again (SIGHUP). The old key stays published until the last
token under it is over.
`

export const keysRotate = command({
  name: 'keys rotate',
  summary: 'take a private JWKS one step on in a rotation',
  usage: `Reads a private JWKS and writes the next one, on one line. No restart is needed and no token
fails, because a new key is published before it signs and the old one after:

  1. latchkey keys rotate --file keys.json --in-place
     adds a pending key: published, and not yet used
  2. let every server read the keys again (SIGHUP), and wait 5 minutes: that long others may
     keep the public keys they have
  3. latchkey keys rotate --file keys.json --in-place --activate
     the pending key signs from now on; the old one of its algorithm is retired, with the time
     in retired_at
  4. let every server read the keys again (SIGHUP)

Each algorithm is rotated by itself: --alg RS256 in the first step is for the key that signs by
RS256, or for the first one that will. Access tokens are signed by the algorithm of the first
active key, the default. To make it another, add --default to --activate: the pending key moves to
the front, and the keys of other algorithms go on signing for the clients registered for them.

The server publishes a retired key until the last token under it is over. --max-age takes such
keys out of the file: give the longest lifetime of a token and an hour more.`,
  options: {
    file,
    'in-place': { type: 'boolean', summary: 'write back to the file, whole or not at all, readable by its owner only' },
    activate: { type: 'boolean', summary: 'make the pending key active and the one it replaces retired' },
    default: { type: 'boolean', summary: 'with --activate: make its algorithm the default' },
    alg: algOption('the default one'),
    kid: { type: 'string', value: 'name', summary: 'the name of the new key, or the pending key to activate' },
    'max-age': { type: 'string', value: 'seconds', summary: 'drop keys that were retired at least this long ago' },
    json: { ...json, summary: 'print JSON; with --in-place, the list of the keys' },
  },
  async run(values, io) {
    const { file: path, 'in-place': inPlace, activate, default: asDefault, alg, kid } = values
    if (inPlace === true && path === undefined) throw usageError('--in-place needs --file')
    if (asDefault === true && activate !== true) throw usageError('--default goes with --activate')
    const maxAge = values['max-age'] === undefined ? undefined : readMaxAge(values['max-age'])
    const wanted = alg === undefined ? undefined : readAlg(alg)

    const now = toSeconds(io.clock.now())
    const found = await readKeys(path, io)
    const keys = maxAge === undefined ? found : withoutExpired(found, maxAge, now)
    const next =
      activate === true
        ? withActive(keys, requirePending(keys, wanted, kid), now, asDefault)
        : await publish(keys, wanted, kid)

    const text = `${JSON.stringify(next)}\n`
    // Read as the server will, so that nothing is written that it would refuse.
    const written = readSigningKeys(text)
    if (inPlace === true && path !== undefined) {
      replaceFile(path, text, io.random)
      io.out(values.json === true ? `${JSON.stringify({ keys: written.map(describe) })}\n` : table(written))
    } else {
      io.out(text)
    }
    io.err(activate === true ? ACTIVATED : PUBLISHED)
    return EXIT.ok
  },
})

async function publish(
  keys: readonly SigningJwk[],
  wanted: SigningAlgorithm | undefined,
  kid: string | undefined,
): Promise<PrivateJwks> {
  const alg = wanted ?? (activeAlgorithms(keys)[0] as SigningAlgorithm)
  const pending = keys.find((key) => key.status === 'pending' && key.alg === alg)
  if (pending !== undefined) {
    throw new CliError(EXIT.data, `the key ${pending.kid} is pending already; --activate makes it the one that signs`)
  }
  if (kid !== undefined && keys.some((key) => key.kid === kid)) {
    throw new CliError(EXIT.data, `a key has the kid ${kid} already; names are never used again`)
  }
  return withPending(keys, await makeKey(alg, 'pending', kid === undefined ? undefined : readKid(kid)))
}

/** The kid of the one key that can be activated. */
function requirePending(
  keys: readonly SigningJwk[],
  alg: SigningAlgorithm | undefined,
  kid: string | undefined,
): string {
  const pending = keys.filter((key) => key.status === 'pending' && (alg === undefined || key.alg === alg))
  const what = alg === undefined ? 'key' : `${alg} key`
  if (kid !== undefined) {
    if (pending.some((key) => key.kid === kid)) return kid
    throw new CliError(EXIT.data, `no pending ${what} has the kid ${kid}`)
  }
  const [only, second] = pending
  if (only === undefined) {
    throw new CliError(
      EXIT.data,
      `no ${what} is pending; publish the next one first: latchkey keys rotate without --activate`,
    )
  }
  if (second !== undefined) {
    const names = pending.map((key) => key.kid).join(', ')
    const how = pending.every((key) => key.alg === only.alg) ? '--kid' : '--kid or --alg'
    throw new CliError(EXIT.data, `several keys are pending (${names}); name one of them with ${how}`)
  }
  return only.kid
}

function readMaxAge(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text)
  throw usageError('--max-age must be a whole number of seconds')
}
