import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { CliError, EXIT } from './exit.ts'
import type { Io } from './io.ts'

/** Asks a person at a terminal. */
export interface Prompt {
  ask(question: string): Promise<string>
  /** What is typed does not show. */
  askHidden(question: string): Promise<string>
  close(): void
}

/** Whether someone is there to answer. */
export function isInteractive(io: Io): boolean {
  return io.stdin.isTTY === true
}

/** Questions go to standard error, so that the result can be piped on while a person answers. */
export function openPrompt(io: Io): Prompt {
  let hidden = false
  const echo = new Writable({
    write(chunk, _encoding, done) {
      if (!hidden) io.err(String(chunk))
      done()
    },
  })
  const reader = createInterface({ input: io.stdin, output: echo, terminal: isInteractive(io), historySize: 0 })

  // Several lines may come at once, pasted, before the next question is asked.
  const lines: string[] = []
  let ended: CliError | undefined
  let settle = () => {}
  const end = (error: CliError) => {
    ended ??= error
    settle()
  }
  reader.on('line', (line) => {
    lines.push(line)
    settle()
  })
  reader.on('SIGINT', () => end(new CliError(EXIT.interrupted, 'interrupted')))
  reader.on('close', () => end(new CliError(EXIT.data, 'the input ended before the answer')))

  const nextLine = async (): Promise<string> => {
    for (;;) {
      const line = lines.shift()
      if (line !== undefined) return line
      if (ended !== undefined) throw ended
      await new Promise<void>((resolve) => {
        settle = resolve
      })
    }
  }

  return {
    async ask(question) {
      reader.setPrompt(`${question} `)
      reader.prompt()
      return (await nextLine()).trim()
    },
    async askHidden(question) {
      io.err(`${question} `)
      hidden = true
      try {
        return await nextLine()
      } finally {
        hidden = false
        io.err('\n')
      }
    },
    close: () => reader.close(),
  }
}
