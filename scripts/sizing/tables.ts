/** What was measured: bytes in Redis, and milliseconds of CPU time. */
export interface Figures {
  /** The key of one authorization. */
  authorization: number
  /** What one authorization more adds to the index of its user. */
  indexEntry: number
  /** One consent: a client that a user allowed something. */
  consent: number
  /** The key of one signed-in browser. */
  session: number
  /** The key of one sign-in under way. */
  interaction: number
  /** `used_memory` for each authorization with its index entry and its consent, overhead of Redis included. */
  memory: number
  /** A person signs in: argon2, two pages and what lies between. */
  signIn: number
  /** A signed-in person with a consent comes back: authorize, and the code redeemed for three tokens. */
  flow: number
  /** A refresh token is used. */
  refresh: number
  /** An API asks about a token. */
  introspection: number
  /** What Redis itself works for one flow. */
  redisFlow: number
  /** Resident memory of the server after all of this, in MB. */
  resident: number
}

/** One row of a table: its head, and its cells as text. */
export type Row = readonly [string, ...string[]]

/** How full a core should be at its busiest hour: beyond it, waiting grows faster than load. */
export const BUSY = 0.6
/** Redis needs room beside its records: fragmentation, buffers of replicas, pages copied while it saves. */
export const HEADROOM = 1.5
/** GB of one shard: with more, a restart or a new replica takes minutes. */
export const SHARD = 25

const GB = 1e9
const AUTHORIZATIONS = [1, 10, 100]
const RATES = [10, 100, 1000]
const KINDS = [
  ['sign-ins', 'signIn'],
  ['flows without a page', 'flow'],
  ['refreshes', 'refresh'],
  ['introspections', 'introspection'],
] as const

/** What each million of live authorizations takes in Redis: records, memory to give it, shards. */
export function redisRows(figures: Pick<Figures, 'memory'>): Row[] {
  return AUTHORIZATIONS.map((millions) => {
    const records = (millions * 1e6 * figures.memory) / GB
    const given = records * HEADROOM
    return [`${millions} million`, `${records.toFixed(1)} GB`, `${given.toFixed(1)} GB`, `${Math.ceil(given / SHARD)}`]
  })
}

/** How many of each kind one core does in a second when it does nothing else, and the cores that rates need. */
export function coreRows(figures: Pick<Figures, 'signIn' | 'flow' | 'refresh' | 'introspection'>): Row[] {
  return KINDS.map(([name, kind]) => {
    const milliseconds = figures[kind]
    const cores = RATES.map((rate) => `${Math.ceil((rate * milliseconds) / 1000 / BUSY)}`)
    return [name, `${Math.floor(1000 / milliseconds)}`, ...cores]
  })
}
