/** A refusal as it is kept for whoever is asked about its id: the facts of its audit event, nothing that is secret. */
export interface Refusal {
  /** 12 hex digits; in the header of the answer and on error pages. */
  errorId: string
  at: number
  /** The code that was sent. */
  error: string
  status: number
  cause: string
  description: string
  /** What else is known of it, each value cut short: `client_id`, `endpoint`, what the cause is about. */
  facts: Readonly<Record<string, string>>
}

/** How many of the newest refusals are kept. */
export const MOST_REFUSALS = 10_000

/** How long a refusal is kept at least, while there are not too many newer ones; in milliseconds. */
export const REFUSAL_LIFETIME = 24 * 60 * 60 * 1000

/** The port of what remembers refusals for a while. They are for people only: nothing is decided by them. */
export interface RefusalStore {
  /** Keeps it; of too many the oldest go. */
  note(refusal: Refusal, now: number): Promise<void>
  /** The refusal of that id while it is kept. */
  find(errorId: string): Promise<Refusal | undefined>
}
