/** Who can make it stop. */
export type Fault = 'partner' | 'operator' | 'user' | 'nobody'

/** What is known of one cause, for whoever is asked about it. Sentences begin small where they follow a colon. */
export interface Cause {
  /** A few words. */
  title: string
  /** What happened, for someone who did not write the client. */
  explanation: string
  /** Where it is written: RFC and section, or the rule of this server. */
  rule: string
  /** What to change, said to whoever is at fault. */
  remedy: string
  fault: Fault
}

export type Causes = Readonly<Record<string, Cause>>
