import type { Clock } from '../lib/clock.ts'
import { type FetchJson, FetchRefused } from '../lib/safe-fetch.ts'
import { type PublicKey, readPublicKey } from '../oauth/public-key.ts'

export type KeySet =
  | { status: 'found'; keys: readonly PublicKey[] }
  /** The address gives no key set; the reason is for the log. */
  | { status: 'unreachable'; reason: string }

/** Key sets behind jwks_uris. Never throws over what an address gives. */
export interface RemoteKeys {
  /** The key set, at most a few minutes old. */
  load(uri: string): Promise<KeySet>
  /** The key set fetched anew, unless that was done a moment ago. */
  reload(uri: string): Promise<KeySet>
}

const FRESH_FOR = 300_000
/** Strangers can name keys that do not exist, so they must not decide how often we fetch. */
const COOLDOWN = 30_000
/** After a failure the address is left alone for a moment: each try may take seconds. */
const FAILURE_COOLDOWN = 5000
const MOST_KEYS = 64

/** What is known of one address. */
interface Entry {
  /** The last good answer: a failure after it takes nothing away from it. */
  good: KeySet | undefined
  goodAt: number
  last: KeySet
  lastAt: number
}

export function createRemoteKeys(deps: { fetchJson: FetchJson; clock: Clock }): RemoteKeys {
  const { fetchJson, clock } = deps
  const entries = new Map<string, Entry>()
  const underWay = new Map<string, Promise<KeySet>>()

  const fetch = async (uri: string): Promise<KeySet> => {
    const last = await fetchJson(uri).then(readKeySet, asUnreachable)
    const now = clock.now()
    const before = entries.get(uri)
    const { good, goodAt } =
      last.status === 'found' ? { good: last, goodAt: now } : { good: undefined, goodAt: 0, ...before }
    entries.set(uri, { good, goodAt, last, lastAt: now })
    return last
  }

  /** One fetch of an address at a time, however many ask for it. */
  const fetchOnce = (uri: string): Promise<KeySet> => {
    const running = underWay.get(uri)
    if (running !== undefined) return running
    const started = fetch(uri).finally(() => underWay.delete(uri))
    underWay.set(uri, started)
    return started
  }

  return {
    async load(uri) {
      const entry = entries.get(uri)
      const now = clock.now()
      if (entry?.good !== undefined && now - entry.goodAt < FRESH_FOR) return entry.good
      if (entry !== undefined && now - entry.lastAt < FAILURE_COOLDOWN) return entry.last
      return fetchOnce(uri)
    },
    async reload(uri) {
      const entry = entries.get(uri)
      if (entry !== undefined && clock.now() - entry.lastAt < COOLDOWN) return entry.last
      return fetchOnce(uri)
    },
  }
}

/** The usable keys of a JWKS document (RFC 7517 §5); others in it, such as those for encryption, are none of our business. */
function readKeySet(document: Record<string, unknown>): KeySet {
  if (!Array.isArray(document.keys)) return { status: 'unreachable', reason: 'it is not a JWKS' }
  const keys = document.keys.slice(0, MOST_KEYS).flatMap((entry: unknown) => {
    const read = readPublicKey(entry)
    return 'key' in read ? [read.key] : []
  })
  return { status: 'found', keys }
}

function asUnreachable(error: unknown): KeySet {
  if (!(error instanceof FetchRefused)) throw error
  return { status: 'unreachable', reason: error.message }
}
