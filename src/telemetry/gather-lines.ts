import type { DestinationStream } from 'pino'

/**
 * Writes the lines of one turn of the event loop together: each write of its own would be a call of the system. A process
 * that ends, by an error too, writes them first; one that is killed loses those of the turn it was in.
 */
export function gatherLines(out: DestinationStream): DestinationStream {
  let lines = ''
  const write = () => {
    const all = lines
    lines = ''
    if (all !== '') out.write(all)
  }
  process.once('exit', write)
  return {
    write(line) {
      if (lines === '') setImmediate(write)
      lines += line
    },
  }
}
