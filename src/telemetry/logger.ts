import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger }

/** Members that are never written, however they got into a log object. */
const SECRET_MEMBERS = [
  'password',
  'client_secret',
  'client_assertion',
  'code',
  'code_verifier',
  'refresh_token',
  'access_token',
  'authorization',
  'cookie',
  'csrf',
]

/**
 * The logger: JSON lines on standard output.
 *
 * @param destination elsewhere to write, for tests
 */
export function createLogger(options: { level: string }, destination?: DestinationStream): Logger {
  const settings = {
    level: options.level,
    base: null,
    redact: { paths: SECRET_MEMBERS.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  return destination === undefined ? pino(settings) : pino(settings, destination)
}
