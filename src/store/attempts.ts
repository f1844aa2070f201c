/**
 * Somebody about to prove who they are by something that could be guessed. It is counted twice, under its network alone and
 * under its name there; `AttemptPolicy` says how much of each is free.
 */
export interface Claim {
  /**
   * The one whose failures count together: mostly the network that it came from, as `lib/network.ts` writes it; at a sign-in
   * also `account:` with a digest, for all strangers at one account, or `device:` with an id, for one browser.
   */
  network: string
  /** The name they try: a client_id as it was sent, or a username in its canonical form. The store keeps a digest of it. */
  claimed: string
  /**
   * Whether a wait of the whole network spares the name for as long as it has no failures there, as `judge` says. True for a
   * name that somebody has, or where nothing may tell which names are; false for the others.
   */
  registered: boolean
  now: number
}

/** A claim whose proof was compared: what the store is to judge. */
export interface Attempt extends Claim {
  /** Whether the password or secret was right. */
  right: boolean
}

/** How guessing is slowed down. Durations in milliseconds. */
export interface AttemptPolicy {
  /** How many failures of one name from one network are judged before the first wait. */
  freeByName: number
  /** The same for all names from one network together. */
  freeByNetwork: number
  firstWait: number
  /** Each further failure doubles the wait, up to this. */
  longestWait: number
  /** How long after the last failure a count is forgotten; longer than the longest wait. */
  memory: number
}

/** A wait that a failure began. */
export interface Wait {
  /** What had too many failures: the name from that network, or the network with any names. */
  over: 'name' | 'network'
  failures: number
  until: number
}

export type AttemptResult =
  | { status: 'passed' }
  /** Wrong, and counted; the waits that begin with it, if any. */
  | { status: 'failed'; waits: readonly Wait[] }
  /** Right or wrong, it came during a wait and must be answered as if nobody had looked at it. */
  | { status: 'refused'; until: number }

/** The port of what counts failures. */
export interface AttemptStore {
  /**
   * Judges an attempt that was already compared: looks for a wait, counts the failure, begins the next wait or forgets the
   * failures of the name, all in one step, so that of many guesses at once no more are judged than one after another would
   * be. What comes during a wait is not counted, so a wait ends by itself and cannot be drawn out.
   *
   * A wait of the whole network spares names without failures there: a right one passes, so that whoever makes a network
   * wait does not shut out everybody behind the same address. A wrong one is refused and counted for its name, once, and
   * only where the name is registered, so that made-up names take no memory.
   */
  judge(attempt: Attempt, policy: AttemptPolicy): Promise<AttemptResult>
  /**
   * Until when an attempt of this claim would be refused, were it right; undefined where no wait stands. Counts nothing and
   * changes nothing, and so settles nothing: for who wants to save the work of a comparison, and judges after it all the same.
   */
  look(claim: Claim): Promise<number | undefined>
}
