import type { DestinationStream } from 'pino'

/** What a pipe takes whole, whoever else writes into it (POSIX, PIPE_BUF on Linux), in bytes. */
const WHOLE = 4096

/**
 * Writes the lines of one turn of the event loop together: each write of its own would be a call of the system. A process
 * that ends, by an error too, writes them first; one that is killed loses those of the turn it was in. Workers share a pipe, and
 * no line is cut by another one's as long as no write is larger than a pipe takes whole.
 */
export function gatherLines(out: DestinationStream): DestinationStream {
  let lines = ''
  let size = 0
  const write = () => {
    const all = lines
    lines = ''
    size = 0
    if (all !== '') out.write(all)
  }
  process.once('exit', write)
  return {
    write(line) {
      const more = Buffer.byteLength(line)
      if (size + more > WHOLE) write()
      if (lines === '') setImmediate(write)
      lines += line
      size += more
    },
  }
}
