import type { Clock } from '../lib/clock.ts'
import { inBatches } from '../lib/in-batches.ts'
import type { Session } from '../store/sessions.ts'
import type { AuthorizationStore } from '../store/store.ts'
import type { Audit } from '../telemetry/events.ts'
import type { Sessions } from './sessions.ts'

/** How many authorizations are asked at once. */
const BATCH = 64

/**
 * Signs a person out: ends the session of a browser, and of what was issued in it whatever is no more than the sign-in
 * itself. What the person allowed apps to do on their behalf stays.
 *
 * @param signedIn the handle of the session, and the session
 * @param clientId who asked for it, if anybody said so
 */
export async function signOut(
  { handle, session }: { handle: string; session: Session },
  clientId: string | undefined,
  deps: { sessions: Sessions; authorizations: AuthorizationStore; clock: Clock; audit: Audit },
): Promise<void> {
  const { sessions, authorizations, clock, audit } = deps
  const { subject, lineage } = session
  const end = async (id: string) => {
    const result = await authorizations.endWithSession(id, subject, lineage, clock.now())
    if (result.status !== 'ended') return 0
    const { clientId: client_id } = result
    audit({ event: 'authorization.ended', cause: 'signed-out', client_id, authorization_id: id })
    return 1
  }
  const asked = (await sessions.end(handle))?.asked ?? []
  // They lie in many slots, so each is a move of its own. All of them are tried, whichever fails.
  const results = (await inBatches(asked, BATCH, (id) => Promise.allSettled([end(id)]))).flat()
  const ended = results.filter((result) => result.status === 'fulfilled' && result.value === 1).length
  audit({ event: 'session.ended', subject, ended }, clientId === undefined ? {} : { client_id: clientId })
  const failure = results.find((result) => result.status === 'rejected')
  if (failure !== undefined) throw failure.reason
}
