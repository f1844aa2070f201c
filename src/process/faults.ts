import type { Random } from '../lib/random.ts'
import type { Logger } from '../telemetry/logger.ts'

/**
 * Logs what nobody caught, under an id, and calls back once: a process in a state that nobody foresaw must not go on.
 *
 * @param source where faults are told; the process, but for tests
 */
export function onFault(
  end: () => void,
  deps: { logger: Logger; random: Random },
  source: Pick<NodeJS.EventEmitter, 'on'> = process,
): void {
  let ending = false
  for (const kind of ['uncaughtException', 'unhandledRejection']) {
    source.on(kind, (fault: unknown) => {
      deps.logger.fatal({ error_id: deps.random.shortId(), kind, err: asError(fault) }, 'a fault that nobody caught')
      if (ending) return
      ending = true
      end()
    })
  }
}

/** Anything can be thrown; what is no error is not written, since nobody knows what it holds. */
function asError(fault: unknown): Error {
  return fault instanceof Error ? fault : new Error(`a ${typeof fault} was thrown`)
}
