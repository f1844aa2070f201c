import { Cluster, Command, type Redis } from 'ioredis'
import { patienceOfRequest } from '../patience.ts'
import { StoreUnavailable } from '../store.ts'
import { type Budget, createBudget } from './budget.ts'
import { addressOf, type Connection, isReady, mastersOf } from './connect.ts'
import { isPassing, reasonOf } from './failure.ts'
import type { Outage } from './outage.ts'

/** How a command is asked. */
export interface Asking<T> {
  /** The key that replicas must have got before the answer counts; undefined where the answer hands nothing out. */
  handsOut?: (answer: T) => string | undefined
}

/** The one way to Redis: in time, bounded, asked again where an answer was lost. */
export interface Link {
  connection: Connection
  outage: Outage
  /** What tells one command from every other, and is the same when that command is asked again. */
  mark(): string
  /**
   * Runs a command. Where its answer was lost it may have happened; it is then sent once more, if there is time.
   *
   * @param command is told whether it is asked again
   * @throws StoreUnavailable for every failure
   */
  ask<T>(command: (again: boolean) => Promise<T>, asking?: Asking<T>): Promise<T>
}

/** Milliseconds that a request waits for Redis in all: leaves enough to say within 2 s that there is no answer. */
const LIMIT = 1650
/** More commands than this do not wait for Redis: while it hangs they would only take memory. */
const MOST_IN_FLIGHT = 1000
/** An outage that has lasted for this long is no hiccup: commands then fail at once instead of waiting for its end. */
const HICCUP = 1000
/** How long replicas may take to confirm. Other commands on the connection wait behind the question. */
const CONFIRM_WITHIN = 500

export function createLink(
  connection: Connection,
  options: { outage: Outage; mark: () => string; commandTimeout: number; waitReplicas: number },
): Link {
  const { outage, mark, commandTimeout, waitReplicas } = options
  const limit = Math.max(LIMIT, commandTimeout)
  let inFlight = 0

  const askTwice = async <T>(command: (again: boolean) => Promise<T>, budget: Budget) => {
    try {
      return await budget.hold(command(false))
    } catch (error) {
      if (!isPassing(error) || outage.age() > HICCUP) throw error
      if (!(await budget.until(() => isReady(connection)))) throw error
      return await budget.hold(command(true))
    }
  }

  /** WAIT speaks of the writes of its own connection, so it goes to the one that just answered. */
  const requireReplicas = async (key: string, budget: Budget) => {
    const within = Math.floor(Math.min(CONFIRM_WITHIN, commandTimeout / 2, budget.left() / 2))
    const confirmed = await budget.hold(nodeOf(connection, key).wait(waitReplicas, Math.max(1, within)))
    if (confirmed < waitReplicas) throw new Error(`${confirmed} of ${waitReplicas} replicas confirmed a write`)
  }

  return {
    connection,
    outage,
    mark,
    async ask(command, { handsOut } = {}) {
      if (inFlight >= MOST_IN_FLIGHT) throw new StoreUnavailable(`${MOST_IN_FLIGHT} commands wait for Redis already`)
      const patience = patienceOfRequest()
      const left = Math.floor(limit - patience.spent())
      if (left <= 0) throw new StoreUnavailable(`the request waited for Redis for ${limit} ms already`)
      inFlight++
      const end = patience.begin()
      const budget = createBudget(left)
      try {
        const answer = await askTwice(command, budget)
        const key = waitReplicas > 0 ? handsOut?.(answer) : undefined
        if (key !== undefined) await requireReplicas(key, budget)
        return answer
      } catch (error) {
        throw new StoreUnavailable(reasonOf(error, outage.reason()))
      } finally {
        inFlight--
        end()
        budget.close()
      }
    },
  }
}

/** Resolves once commands can be sent, or when the time, in milliseconds, is over. */
export async function whenReady(connection: Connection, patience: number): Promise<void> {
  const budget = createBudget(patience)
  await budget.until(() => isReady(connection) && mastersOf(connection).length > 0)
  budget.close()
}

/** The connection that commands about the key go over. */
function nodeOf(connection: Connection, key: string): Redis {
  if (!(connection instanceof Cluster)) return connection
  const address = connection.slots[slotOf(key)]?.[0]
  const node = mastersOf(connection).find((master) => addressOf(master) === address)
  if (node === undefined) throw new Error('the cluster is changing')
  return node
}

/** The cluster slot of a key. */
export function slotOf(key: string): number {
  return Number(new Command('get', [key]).getSlot())
}
