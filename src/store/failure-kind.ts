import { StoreUnavailable } from './store.ts'

/** What StoreUnavailable says of its reason, and the kind that this is; the first that fits. */
const KINDS: ReadonlyArray<[said: RegExp, kind: string]> = [
  [/timed? ?out|did not answer|: no answer within |waited for Redis for /i, 'timeout'],
  [/ commands wait for Redis /, 'crowded'],
  [/replicas confirmed a write/, 'not-replicated'],
  [/: OOM /, 'out-of-memory'],
  [/: (READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|NOREPLICAS) /, 'not-writable'],
  [/: (NOAUTH|WRONGPASS|NOPERM) /, 'not-permitted'],
  [/: ERR |: WRONGTYPE /, 'script'],
]

/** The kind of a failure of the store, one of a few words; `unexpected` where the store was not out of reach at all. */
export function failureKind(error: unknown): string {
  if (!(error instanceof StoreUnavailable)) return 'unexpected'
  return KINDS.find(([said]) => said.test(error.message))?.[1] ?? 'connection'
}
