import type { Response } from 'express'
import type { Clock } from '../lib/clock.ts'
import type { OAuthError } from '../oauth/errors.ts'
import type { RefusalStore } from '../store/refusals.ts'
import { SECRET_MEMBERS } from '../telemetry/without-secrets.ts'

/** Of many refusals in one second no more are noted: the log has all of them, and a flood must not become one of writes. */
const MOST_A_SECOND = 50
const MOST_FACTS = 12
const LONGEST_TEXT = 300
const SECOND = 1000

/** Keeps a refusal in the store, for `latchkey explain`. */
export type KeepRefusal = (
  res: Response,
  errorId: string,
  error: OAuthError,
  about: Readonly<Record<string, unknown>>,
) => void

/**
 * Writes refusals down once they are answered, so that no request waits for it; where it fails, nobody learns of it and the
 * log has it all the same.
 */
export function createRefusalNotes(deps: { refusals: RefusalStore; clock: Clock }): KeepRefusal {
  const { refusals, clock } = deps
  let second = 0
  let noted = 0

  const hasRoom = (now: number) => {
    const current = Math.floor(now / SECOND)
    if (current !== second) {
      second = current
      noted = 0
    }
    return ++noted <= MOST_A_SECOND
  }

  return (res, errorId, { code, status, cause, description }, about) => {
    const now = clock.now()
    if (!hasRoom(now)) return
    const refusal = {
      errorId,
      at: now,
      error: code,
      status,
      cause: cut(cause),
      description: cut(description),
      facts: factsIn(about),
    }
    res.once('close', () => void refusals.note(refusal, now).catch(() => {}))
  }
}

/** Short texts only: what a stranger sent in abundance is not kept, and neither is what the log would hide. */
function factsIn(about: Readonly<Record<string, unknown>>): Record<string, string> {
  const told = Object.entries(about).flatMap(([name, value]): Array<[string, string]> => {
    if (SECRET_MEMBERS.has(name) || name === 'description') return []
    const text = asText(value)
    return text === undefined ? [] : [[name, cut(text)]]
  })
  return Object.fromEntries(told.slice(0, MOST_FACTS))
}

function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value.join(' ') : undefined
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text
}
