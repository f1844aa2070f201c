import { type DestinationStream, type Logger, pino } from 'pino'
import { gatherLines } from './gather-lines.ts'
import type { RequestScopes } from './request-scope.ts'
import { withoutSecrets } from './without-secrets.ts'

export type { Logger }

/**
 * The logger: JSON lines on standard output.
 *
 * @param options.requests where the id of the request comes from that a line is written for
 * @param destination elsewhere to write, for tests
 */
export function createLogger(
  options: { level: string; requests: RequestScopes },
  destination: DestinationStream = gatherLines(pino.destination({ dest: 1, sync: true })),
): Logger {
  const { requests } = options
  const settings = {
    level: options.level,
    base: null,
    formatters: { level: (label: string) => ({ level: label }), log: withoutSecrets },
    serializers: { err: (error: Error) => withoutSecrets(pino.stdSerializers.err(error)) },
    mixin() {
      const scope = requests.current()
      return scope === undefined ? {} : { request_id: scope.id }
    },
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  return pino(settings, destination)
}
