/** How the process ends: the codes of sysexits.h, so that scripts can tell the reasons apart. */
export const EXIT = {
  ok: 0,
  /** The answer is no: what was looked for is not there, or there are problems. */
  no: 1,
  /** EX_USAGE: the command line is wrong. */
  usage: 64,
  /** EX_DATAERR: what was read is wrong. */
  data: 65,
  /** EX_SOFTWARE: something nobody thought of. */
  software: 70,
  /** EX_IOERR: a file cannot be read or written. */
  io: 74,
  /** EX_CONFIG: the configuration is at fault, so starting again will not help. */
  config: 78,
  /** 128 + SIGINT, as shells count it. */
  interrupted: 130,
} as const

/** What a command throws to end with a message of one line or more and a code; never shown with a stack. */
export class CliError extends Error {
  readonly exitCode: number

  constructor(exitCode: number, ...lines: string[]) {
    super(lines.join('\n'))
    this.name = 'CliError'
    this.exitCode = exitCode
  }
}

/** The refusal of a command line. */
export function usageError(...lines: string[]): CliError {
  return new CliError(EXIT.usage, ...lines)
}
