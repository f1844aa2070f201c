import type { Request } from 'express'
import type { Clock } from '../lib/clock.ts'
import type { Random } from '../lib/random.ts'
import { OAuthError } from '../oauth/errors.ts'
import type { Logger } from '../telemetry/logger.ts'
import { RETRY_SOON } from './retry-after.ts'

const LINE_EVERY = 60_000

/** Refuses new requests while too many are being worked on, so that those are still answered in time. */
export interface Shedding {
  /**
   * Lets a request in. Throws OAuthError, a 503, where there is no room for it.
   *
   * @returns called once its handler has ended, which may be long after its client has gone
   */
  enter(req: Request): () => void
}

/**
 * @param deps.limit how many requests may be worked on at once. One counts from when its body is there: else whoever
 * sends slowly would hold the places of others.
 */
export function createShedding(deps: { limit: number; clock: Clock; random: Random; logger: Logger }): Shedding {
  const { limit, clock, random, logger } = deps
  let working = 0
  /** The line of the log that stands for all that are refused within its minute. */
  let line: { id: string; at: number } | undefined
  let refused = 0

  const lineFor = (): string => {
    const now = clock.now()
    refused++
    if (line === undefined || now - line.at >= LINE_EVERY) {
      line = { id: random.shortId(), at: now }
      const facts = { error_id: line.id, error: 'temporarily_unavailable', status: 503, cause: 'overloaded' }
      logger.warn({ ...facts, limit, refused }, 'too many requests at once: new ones are refused')
      refused = 0
    }
    return line.id
  }

  return {
    enter(req) {
      if (working >= limit) {
        throw new OAuthError('temporarily_unavailable', 'the server has too much to do; try again in a moment', {
          status: 503,
          cause: 'overloaded',
          headers: { 'Retry-After': RETRY_SOON },
          loggedAs: lineFor(),
        })
      }
      let state: 'arriving' | 'working' | 'over' = 'arriving'
      const work = () => {
        if (state === 'over') return
        state = 'working'
        working++
      }
      if (awaitsBody(req)) req.once('end', work)
      else work()
      return () => {
        if (state === 'working') working--
        state = 'over'
      }
    },
  }
}

/** Whether a body is announced that a handler will wait for (RFC 9112 §6.3). */
function awaitsBody(req: Request): boolean {
  const { 'content-length': length, 'transfer-encoding': coding } = req.headers
  return req.method === 'POST' && (coding !== undefined || Number(length) > 0)
}
