import type { Redis } from 'ioredis'

/**
 * Sends the commands that are asked for in one turn of the event loop together: each write of its own would be a call of the
 * system, which costs more than the rest of a command.
 */
export function gatherWrites(redis: Redis): void {
  const send = redis.sendCommand.bind(redis)
  redis.sendCommand = (...args) => {
    const { stream } = redis
    // While it connects there may be no stream yet, or another one before the turn is over.
    if (redis.status === 'ready' && stream.writableCorked === 0) {
      stream.cork()
      setImmediate(() => stream.uncork())
    }
    return send(...args)
  }
}
