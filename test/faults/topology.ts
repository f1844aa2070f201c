/** Redis in one of its forms, and what can happen to it. */
export interface Topology {
  name: string
  /** Where the servers find it. */
  env: Readonly<Record<string, string>>
  /** Each ends when the fault itself is over; Redis may take longer to be well again. */
  faults: Readonly<Record<string, () => Promise<void>>>
  /** Answers when every master and every replica is there again. */
  settled(): Promise<void>
  stop(): Promise<void>
}

/** How long Redis is stopped or cut off, in milliseconds. */
export const TROUBLE = 3000

/** The numbers of milliseconds for which Redis stays away after a crash before it is started again. */
export const DOWN = 2500
