import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import type { RedisConfig } from '../../config/redis.ts'
import type { Refusal } from '../../store/refusals.ts'
import { StoreUnavailable } from '../../store/store.ts'
import { causesPage } from '../../telemetry/causes-page.ts'
import { command } from '../command.ts'
import { CliError, EXIT, usageError } from '../exit.ts'
import { explanation } from '../explain/explanation.ts'
import { findInLog } from '../explain/log-lines.ts'
import type { Io } from '../io.ts'
import { isInteractive } from '../prompt.ts'
import { readServerConfig } from '../server-config.ts'
import { openServerStore, redisPlace } from '../server-store.ts'

/** What came of looking in one place. */
type Look = { found: Refusal } | { notIn: string }

export const explain = command({
  name: 'explain',
  summary: 'tell why a request was refused, and what to tell the partner',
  usage: `Every refusal has an error id: 12 hex digits, on error pages below the text and in the header
Latchkey-Error-Id of every answer. This finds the refusal and says what happened, the exact
cause, the rule, what to change, and a message for the partner with nothing secret in it.

It looks in this order, and stops where it finds the id:
  1. in the file given by --log
  2. in Redis, where about 10,000 of the newest refusals are kept for a day; REDIS_URL or its
     like and the rest of the environment are those of the server
  3. in what comes on standard input

The log is JSON lines, with or without what Docker or Kubernetes puts around them:
  docker logs latchkey | latchkey explain 3ef91f4863e0

Exit code 1 means that the id was not found.`,
  argument: 'ERROR_ID',
  options: {
    log: { type: 'string', value: 'path', summary: 'a file with lines of the log' },
    list: { type: 'boolean', summary: 'print all causes there are: the text of docs/causes.md' },
  },
  async run({ log, list }, io, argument) {
    if (list === true) {
      if (argument !== undefined || log !== undefined) throw usageError('--list stands alone')
      io.out(causesPage())
      return EXIT.ok
    }
    const errorId = readErrorId(argument)
    const looked: string[] = []
    for (const look of placesToLook(log, io)) {
      const result = await look(errorId)
      if ('found' in result) {
        io.out(explanation(result.found))
        return EXIT.ok
      }
      looked.push(result.notIn)
    }
    io.err(notFound(errorId, looked))
    return EXIT.no
  },
})

function readErrorId(text: string | undefined): string {
  if (text === undefined) throw usageError('give the error id, or --list. See latchkey explain --help')
  const id = text.trim().toLowerCase()
  if (/^[0-9a-f]{12}$/.test(id)) return id
  throw usageError(
    'an error id has 12 hex digits, such as 3ef91f4863e0; it stands on the error page and in Latchkey-Error-Id',
  )
}

function placesToLook(log: string | undefined, io: Io): Array<(errorId: string) => Promise<Look>> {
  return [
    ...(log === undefined ? [] : [(errorId: string) => lookInFile(log, errorId)]),
    (errorId) => lookInRedis(errorId, io),
    ...(log !== undefined || isInteractive(io) ? [] : [(errorId: string) => lookInStdin(errorId, io)]),
  ]
}

async function lookInFile(path: string, errorId: string): Promise<Look> {
  const file = createReadStream(path)
  try {
    await once(file, 'open')
    const found = await findInLog(file, errorId)
    return found === undefined ? { notIn: `the file ${path}` } : { found }
  } catch (error) {
    throw new CliError(EXIT.io, `${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`)
  } finally {
    file.destroy()
  }
}

async function lookInStdin(errorId: string, io: Io): Promise<Look> {
  const found = await findInLog(io.stdin, errorId)
  return found === undefined ? { notIn: 'standard input' } : { found }
}

/** A configuration that is not that of a server is no reason to stop: the log may be all there is. */
async function lookInRedis(errorId: string, io: Io): Promise<Look> {
  let redis: RedisConfig | undefined
  try {
    redis = (await readServerConfig(io)).redis
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    return { notIn: 'Redis was not asked, since this environment is not that of a server: latchkey check tells why' }
  }
  if (redis === undefined) {
    return {
      notIn: 'Redis was not asked, since none is configured: the memory of a server cannot be read from outside',
    }
  }
  const store = await openServerStore(redis, io)
  try {
    const found = await store.refusals.find(errorId)
    return found === undefined ? { notIn: `Redis at ${redisPlace(redis)} under ${redis.keyPrefix}` } : { found }
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    return { notIn: `Redis at ${redisPlace(redis)} does not answer` }
  } finally {
    await store.close()
  }
}

function notFound(errorId: string, looked: readonly string[]): string {
  return `latchkey: no refusal with the id ${errorId} was found.
Looked here:
${looked.map((place) => `  - ${place}\n`).join('')}Look elsewhere:
  - in older logs, or those of another process: latchkey explain ${errorId} --log FILE
  - in the log of a container: docker logs latchkey 2>&1 | latchkey explain ${errorId}
  - with LOG_LEVEL above info refusals are not in the log; of a flood only a part is in Redis
  - is the id of this deployment, and not of a test or another region?
`
}
