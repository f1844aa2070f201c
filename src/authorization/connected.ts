import type { ClientRegistry } from '../clients/client-registry.ts'
import type { Clock } from '../lib/clock.ts'
import type { Client } from '../oauth/client.ts'
import { userKeyOf } from '../session/sessions.ts'
import type { Authorization, Store } from '../store/store.ts'
import type { Audit } from '../telemetry/events.ts'

/** A client that may act for a user at this moment: what all its authorizations allow it together. */
export interface ConnectedClient {
  clientId: string
  /** Undefined where it is no longer registered. */
  client: Client | undefined
  scopes: readonly string[]
  resources: readonly string[]
  /** When the oldest of its authorizations was given. */
  since: number
  /** When it last got tokens. */
  lastUsed: number
  /** How many it has. */
  authorizations: number
}

/** The clients that may act for a user, the one that did so last first. */
export async function listConnected(
  subject: string,
  deps: { store: Pick<Store, 'authorizations'>; clients: Pick<ClientRegistry, 'find'> },
  now: number,
): Promise<readonly ConnectedClient[]> {
  const authorizations = await deps.store.authorizations.ofUser(ownerOf(subject), now)
  const clientIds = [...new Set(authorizations.map(({ clientId }) => clientId))]
  return clientIds
    .map((clientId) => {
      const its = authorizations.filter((authorization) => authorization.clientId === clientId)
      return { clientId, client: deps.clients.find(clientId), ...summaryOf(its) }
    })
    .sort((one, other) => other.lastUsed - one.lastUsed)
}

/**
 * Ends everything that a client, registered or not, may do for a user: what it holds is worth nothing from now on, and
 * it gets nothing more unless the user allows it anew.
 *
 * @returns how many authorizations ended
 */
export async function disconnect(
  subject: string,
  clientId: string,
  deps: { store: Pick<Store, 'authorizations' | 'consents'>; clock: Clock; audit: Audit },
): Promise<number> {
  const { store, clock, audit } = deps
  const owner = ownerOf(subject)
  const end = async () => {
    const ids = await store.authorizations.endForClient(owner, clientId, clock.now())
    for (const id of ids) {
      audit({ event: 'authorization.ended', cause: 'disconnected', client_id: clientId, authorization_id: id })
    }
    return ids.length
  }
  // The consents first: from here on nothing is issued without a question.
  await store.consents.forget(owner.userKey, clientId)
  // And once more, for what a request brought to its end that had seen the consent before it was forgotten.
  const ended = (await end()) + (await end())
  audit({ event: 'client.disconnected', client_id: clientId, subject, ended })
  return ended
}

function ownerOf(subject: string) {
  return { userKey: userKeyOf(subject), subject }
}

function summaryOf(authorizations: readonly Authorization[]): Omit<ConnectedClient, 'clientId' | 'client'> {
  return {
    scopes: [...new Set(authorizations.flatMap(({ scope }) => scope))],
    resources: [...new Set(authorizations.flatMap(({ resources }) => resources))],
    since: Math.min(...authorizations.map(({ createdAt }) => createdAt)),
    lastUsed: Math.max(...authorizations.map(({ usedAt }) => usedAt)),
    authorizations: authorizations.length,
  }
}
