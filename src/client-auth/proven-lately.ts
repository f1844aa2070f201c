import { type BoundedMap, createBoundedMap } from '../lib/bounded-map.ts'

/** Milliseconds for which a right secret speaks for the next ones. */
const LATELY = 10_000

/** Some megabytes at the most. */
const MOST = 10_000

/** Which clients this process has just seen with a right secret, so that busy ones need no trip to the store each time. */
export interface ProvenLately {
  /** Whether the client's secret was right a moment ago, and nobody has named a wrong one from that network since. */
  has(clientId: string, network: string, now: number): boolean
  /** To be called when a right secret is about to be judged; what it gives, when it passed. */
  begin(clientId: string, network: string, now: number): () => void
  /** A wrong secret came: from here on even a right one may be a guess. */
  forget(clientId: string, network: string): void
}

export function createProvenLately(): ProvenLately {
  /** How many wrong secrets there were. */
  let wrong = 0
  const provenAt: BoundedMap<number> = createBoundedMap({ most: MOST, largest: MOST, sizeOf: () => 1 })
  // Networks hold no spaces.
  const keyOf = (clientId: string, network: string) => `${network} ${clientId}`

  return {
    has(clientId, network, now) {
      const since = now - (provenAt.get(keyOf(clientId, network)) ?? Number.NEGATIVE_INFINITY)
      return since >= 0 && since < LATELY
    },
    begin(clientId, network, now) {
      const before = wrong
      // Whose wrong secret it was is not asked: who is not noted is only judged once more.
      return () => {
        if (wrong === before) provenAt.set(keyOf(clientId, network), now)
      }
    },
    forget(clientId, network) {
      wrong++
      // A name that was never proven takes no place.
      const key = keyOf(clientId, network)
      if (provenAt.get(key) !== undefined) provenAt.set(key, Number.NEGATIVE_INFINITY)
    },
  }
}
