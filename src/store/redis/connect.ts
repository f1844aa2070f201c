import { Redis } from 'ioredis'

/** How long one command or one connection attempt may take; a request that waits longer is answered with 503. */
const TIMEOUT = 1500
const LONGEST_PAUSE = 500

/**
 * A connection that never queues and never repeats by itself: while Redis is away every command fails at once, and a
 * command whose answer was lost is not sent again, since it may have happened. Reconnects for as long as it lives.
 *
 * @param onError is told of every failed connection
 */
export function connect(url: string, onError: (error: Error) => void): Redis {
  const redis = new Redis(url, {
    connectionName: 'latchkey',
    connectTimeout: TIMEOUT,
    commandTimeout: TIMEOUT,
    // Without it a host that vanished silently is waited for until the kernel gives up, a quarter of an hour.
    socketTimeout: TIMEOUT,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 50, LONGEST_PAUSE),
  })
  redis.on('error', onError)
  return redis
}

/** Resolves once the connection is ready; rejects where it is not within the time, in milliseconds. */
export async function whenReady(redis: Redis, patience: number): Promise<void> {
  if (redis.status === 'ready') return
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      redis.off('ready', ready)
      reject(new Error(`Redis did not answer within ${patience} ms`))
    }, patience)
    const ready = () => {
      clearTimeout(timer)
      resolve()
    }
    redis.once('ready', ready)
  })
}
