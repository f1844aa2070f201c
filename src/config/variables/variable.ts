/** One environment variable: everything about it stands here, and `.env.example` and the report are made from it. */
export interface Variable<T> {
  parse(value: string): T
  /** The value where the variable is unset or empty, as it would be written; undefined where there is none. */
  fallback: string | undefined
  doc: string
  /** The heading it stands under. */
  section: string
  /** Shown in `.env.example` where there is no fallback. */
  example?: string
  /** Never shown in a report. */
  secret?: true
}

/** A row as it is, with the type of what it parses to. */
export function variable<T>(row: Variable<T>): Variable<T> {
  return row
}
