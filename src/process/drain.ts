import { once } from 'node:events'
import type { Server } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Answers } from './answers.ts'

/** The end of a server that listens, step by step. */
export interface Drain {
  /** Whether it has begun: readiness says so. */
  begun(): boolean
  /**
   * Begins it; called again, it waits for the one that has begun.
   *
   * @param steps.delay how long the server goes on listening, so that the balancer sees that it is not ready, in milliseconds
   * @param steps.limit how long requests under way may take from then on, in milliseconds; what is left is cut off
   */
  begin(steps: { delay: number; limit: number }): Promise<void>
}

export function createDrain(server: Server, answers: Answers): Drain {
  let end: Promise<void> | undefined

  const drain = async ({ delay, limit }: { delay: number; limit: number }) => {
    answers.partWithClients()
    if (delay > 0) await pause(delay)
    const closed = once(server, 'close')
    // This closes the connections that wait for a request as well.
    server.close()
    const timer = setTimeout(() => server.closeAllConnections(), limit)
    await closed
    clearTimeout(timer)
  }

  return {
    begun: () => end !== undefined,
    begin(steps) {
      end ??= drain(steps)
      return end
    },
  }
}
