import type { Config } from '../config/load.ts'
import { ConfigError } from '../config/problem.ts'
import type { Deps } from '../deps.ts'

/** Takes the newest configuration over; where it has problems they are logged and the old one stays. */
export async function reload(deps: Deps, load: () => Config): Promise<void> {
  const { logger } = deps
  try {
    const next = load()
    await deps.reload(next)
    logger.info(
      { clients: next.clients.length, users: next.users.length },
      'clients, users, scopes, resources and keys were read again',
    )
  } catch (error) {
    if (!(error instanceof ConfigError))
      return logger.error({ err: error }, 'reload failed; the old configuration stays')
    logger.error({ problems: error.problems }, 'the new configuration has problems; the old one stays')
  }
}
