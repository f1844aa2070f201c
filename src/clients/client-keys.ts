import type { Clock } from '../lib/clock.ts'
import type { FetchJson } from '../lib/safe-fetch.ts'
import type { Client } from '../oauth/client.ts'
import type { PublicKey } from '../oauth/public-key.ts'
import { createRemoteKeys, type KeySet } from './remote-keys.ts'

/** What a JWS header says of its key. */
export interface KeyHeader {
  alg: string
  kid: string | undefined
}

/** The public keys of clients, from their metadata or from their own addresses. */
export interface ClientKeys {
  /**
   * The keys of the client that may have made a signature: the one named by the kid, or where none is named all that fit
   * the algorithm, a few at most.
   */
  find(client: Client, header: KeyHeader): Promise<KeySet>
}

/** Each key tried is a verification that a stranger can ask for. */
const MOST_TRIED = 4

export function createClientKeys(deps: { fetchJson: FetchJson; clock: Clock }): ClientKeys {
  const remote = createRemoteKeys(deps)

  return {
    async find(client, header) {
      const select = (keys: readonly PublicKey[]) => candidates(keys, header)
      if (client.jwks_uri === undefined) return { status: 'found', keys: select(client.jwks ?? []) }
      const set = await remote.load(client.jwks_uri)
      if (set.status !== 'found') return set
      const keys = select(set.keys)
      if (keys.length > 0) return { status: 'found', keys }
      // Nothing fits: the client may have changed its keys since.
      const fresh = await remote.reload(client.jwks_uri)
      return fresh.status === 'found' ? { status: 'found', keys: select(fresh.keys) } : fresh
    },
  }
}

function candidates(keys: readonly PublicKey[], { alg, kid }: KeyHeader): PublicKey[] {
  const named = kid === undefined ? keys : keys.filter((key) => key.kid === kid)
  return named.filter(({ algorithms }) => algorithms.includes(alg)).slice(0, MOST_TRIED)
}
