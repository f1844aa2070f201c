import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gatherLines } from '../../src/telemetry/gather-lines.ts'

const SRC = join(import.meta.dirname, '..', '..', 'src')
const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

describe('lines of the log that are gathered', () => {
  let writes: string[]
  let write: (line: string) => void
  beforeEach(() => {
    writes = []
    write = gatherLines({ write: (text) => void writes.push(text) }).write
  })

  it('are written together at the end of the turn, in their order', async () => {
    write('one\n')
    write('two\n')
    expect(writes).toEqual([])
    await nextTurn()
    expect(writes).toEqual(['one\ntwo\n'])
    write('three\n')
    await nextTurn()
    expect(writes).toEqual(['one\ntwo\n', 'three\n'])
  })

  it('are never more at once than a pipe takes whole, so that workers do not cut the lines of one another', async () => {
    const line = `${'ä'.repeat(499)}\n`
    for (let index = 0; index < 10; index++) write(line)
    await nextTurn()
    expect(writes.map((text) => text.split('\n').length - 1)).toEqual([4, 4, 2])
    expect(writes.join('')).toBe(line.repeat(10))
  })

  it('are written by a process that ends in the middle of the turn', async () => {
    const script = `
      const { createLogger } = await import('${SRC}/telemetry/logger.ts')
      const log = createLogger({ level: 'info', requests: { current: () => undefined } })
      log.info('first')
      log.info('last')
      process.exit(3)`
    const ended = promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script])
    const { code, stdout } = (await ended.catch((error: unknown) => error)) as { code: number; stdout: string }
    const lines = stdout.trim().split('\n')
    expect(code).toBe(3)
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['first', 'last'])
  })
})
