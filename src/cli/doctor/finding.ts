/** One judgement about a deployment. */
export interface Finding {
  /** A short stable word for what was looked at. */
  name: string
  level: 'ok' | 'warning' | 'problem'
  /** One sentence. */
  message: string
  /** What to do; absent where all is well. */
  advice?: string
}

export function ok(name: string, message: string): Finding {
  return { name, level: 'ok', message }
}

export function warning(name: string, message: string, advice: string): Finding {
  return { name, level: 'warning', message, advice }
}

export function problem(name: string, message: string, advice: string): Finding {
  return { name, level: 'problem', message, advice }
}

/** The finding of something that either holds or is a problem. */
export function judge(name: string, holds: boolean, good: string, bad: string, advice: string): Finding {
  return holds ? ok(name, good) : problem(name, bad, advice)
}
