import { setTimeout as pause } from 'node:timers/promises'
import { type Answer, createHttpClient, type HttpClient } from '../helpers/http-client.ts'
import { untilTrue } from '../helpers/redis-command.ts'
import { type Build, type ServerProcess, startServer } from '../helpers/server-process.ts'
import type { Tally } from './tally.ts'

/** Two server processes, as a balancer shows them. */
export interface Fleet {
  /** Sends to the servers in turn; URLs are paths. To a server that refuses the connection nothing was sent. */
  client: HttpClient
  /** Ends one of them by SIGTERM and starts another one in its place. */
  restart(): Promise<void>
  /** Answers when every server says that it is ready. */
  settled(): Promise<void>
  /** How many servers ended that should not have, or had to say something that nobody foresaw. */
  crashes(): number
  /** Why a request was refused, by the id in the answer. */
  causeOf(answer: Answer): string
  stop(): Promise<void>
}

const SERVERS = 2
/** Whatever takes longer than this will not come. */
const NEVER = 20_000
const ATTEMPTS = 50
const BETWEEN_ATTEMPTS = 20

/** @param tally gives what counts at the moment */
export async function startFleet(
  build: Build,
  env: Readonly<Record<string, string | undefined>>,
  tally: () => Tally,
): Promise<Fleet> {
  const start = () => startServer(build, env)
  const serving = await Promise.all(Array.from({ length: SERVERS }, start))
  const all = new Set<ServerProcess>(serving)
  const ending = new Set<ServerProcess>()
  const client = createHttpClient(200)
  let turn = 0
  let badEndings = 0

  const send = async (how: (server: string) => Promise<Answer>): Promise<Answer> => {
    for (let attempt = 1; ; attempt++) {
      const begun = performance.now()
      const server = serving[turn++ % SERVERS] as ServerProcess
      try {
        const answer = await Promise.race([how(server.url), pause(NEVER, undefined, { ref: false })])
        if (answer === undefined) throw new Error(`no answer within ${NEVER} ms`)
        tally().answered(answer)
        return answer
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED' || attempt === ATTEMPTS) {
          tally().unanswered(performance.now() - begun)
          throw error
        }
        await pause(BETWEEN_ATTEMPTS)
      }
    }
  }
  const isReady = async ({ url }: ServerProcess) => (await client.get(`${url}/readyz`)).status === 200
  const isAmiss = (line: Record<string, unknown>) => line.level === 'fatal' || line.cause === 'unexpected'

  return {
    client: {
      get: (path, ...rest) => send((server) => client.get(server + path, ...rest)),
      post: (path, ...rest) => send((server) => client.post(server + path, ...rest)),
      close: client.close,
    },
    async restart() {
      const old = serving[0] as ServerProcess
      ending.add(old)
      old.signal('SIGTERM')
      if ((await old.ended).code !== 0) badEndings++
      const next = await start()
      all.add(next)
      serving[0] = next
    },
    async settled() {
      for (const server of serving) await untilTrue(() => isReady(server), 'the server is ready')
    },
    crashes() {
      let found = badEndings
      for (const server of all) {
        if (!server.alive() && !ending.has(server)) found++
        if (server.stderr() !== '') found++
        found += server.logs().filter(isAmiss).length
      }
      return found
    },
    causeOf({ headers }) {
      const id = headers['latchkey-error-id']
      for (const server of all) {
        const line = server.logs().find(({ error_id }) => error_id !== undefined && error_id === id)
        if (line !== undefined) return String(line.cause)
      }
      return 'unknown'
    },
    async stop() {
      client.close()
      await Promise.all([...all].map((server) => server.stop()))
    },
  }
}
