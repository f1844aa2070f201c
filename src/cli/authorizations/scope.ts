import type { Config } from '../../config/load.ts'
import { canonicalUsername } from '../../config/users.ts'
import { userKeyOf } from '../../session/sessions.ts'
import { type OperatorStore, openOperatorStore } from '../../store/redis/operator.ts'
import { type Authorization, type Store, StoreUnavailable } from '../../store/store.ts'
import { CliError, EXIT, usageError } from '../exit.ts'
import type { Io } from '../io.ts'
import { readServerConfig } from '../server-config.ts'
import { openServerStore, redisPlace } from '../server-store.ts'

/** The options that say whose authorizations are meant. */
export const whose = {
  user: {
    type: 'string',
    value: 'user',
    summary: 'the username or the sub; one that is no longer in USERS by its sub',
  },
  client: {
    type: 'string',
    value: 'client_id',
    summary: 'the client; without --user this walks over all keys of Redis',
  },
} as const

/** Whose authorizations a command is about. */
export interface Scope {
  subject: string | undefined
  clientId: string | undefined
}

/** The store of the server, opened for a command. */
export interface Opened {
  config: Config
  store: Store
  /** What asks by client alone. */
  operator: OperatorStore
  scope: Scope
}

/**
 * Opens the store of the server that this environment configures, does the work and closes it.
 *
 * @throws CliError with 78 where there is no Redis to open, 74 where it does not answer
 */
export async function withAuthorizations<T>(
  given: { user: string | undefined; client: string | undefined },
  io: Io,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  if (given.user === undefined && given.client === undefined) throw usageError('name --user, --client or both')
  const config = await readServerConfig(io)
  const { redis } = config
  if (redis === undefined) {
    throw new CliError(
      EXIT.config,
      'no Redis is configured: a server without Redis keeps authorizations in its own memory, which no command can reach',
    )
  }
  const scope = { subject: given.user && subjectOf(given.user, config), clientId: given.client }
  const [store, operator] = await Promise.all([
    openServerStore(redis, io),
    openOperatorStore(redis, { mark: io.random.mark }),
  ])
  try {
    return await work({ config, store, operator, scope })
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    throw new CliError(EXIT.io, `Redis at ${redisPlace(redis)} does not answer`)
  } finally {
    operator.close()
    await store.close()
  }
}

/** The active authorizations of that scope, the newest first. */
export async function findAuthorizations(
  { store, operator, scope }: Opened,
  now: number,
): Promise<readonly Authorization[]> {
  const { subject, clientId } = scope
  if (subject === undefined) return (await operator.ofClient(clientId as string, now)).active
  const all = await store.authorizations.ofUser({ userKey: userKeyOf(subject), subject }, now)
  return all.filter((authorization) => clientId === undefined || authorization.clientId === clientId)
}

/** Who is in no list any more may still have authorizations, and is known by the sub alone. */
function subjectOf(user: string, { users }: Config): string {
  const bySubject = users.find(({ sub }) => sub === user)
  const byName = users.find(({ username }) => canonicalUsername(username) === canonicalUsername(user))
  return (bySubject ?? byName)?.sub ?? user
}
