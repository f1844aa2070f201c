import type { ClientRegistry } from '../clients/client-registry.ts'
import type { Clock } from '../lib/clock.ts'
import type { Mac } from '../lib/mac.ts'
import type { Random } from '../lib/random.ts'
import type { AuthorizationRequest } from '../oauth/authorization-request.ts'
import { OAuthError } from '../oauth/errors.ts'
import { type Params, requireParam } from '../oauth/params.ts'
import { readRequestUri, writeRequestUri } from '../oauth/request-uri.ts'
import type { Interaction, PushedRequestStore } from '../store/store.ts'
import { resolveAgain, type Target } from './target.ts'

/** Authorization requests that clients push ahead of the browser (RFC 9126). */
export interface PushedRequests {
  /** Keeps a request that passed every check. `lifetime` is in milliseconds. */
  push(request: AuthorizationRequest): Promise<{ id: string; requestUri: string; lifetime: number }>
  /**
   * Opens the request behind the `request_uri` of the parameters. Of the others only `client_id` is looked at: what was
   * pushed is all that counts (§4, RFC 9101 §6.3).
   *
   * @throws OAuthError `invalid_request_uri`, to be shown on a page: nobody knows yet where it could go
   */
  open(params: Params, browserHash: string, lifetime: number): Promise<OpenedRequest>
}

/** A pushed request in the browser that it belongs to from now on. */
export interface OpenedRequest {
  interaction: Interaction
  target: Target
  /** Whether this was the opening, and not a reload of it. */
  first: boolean
}

export function createPushedRequests(deps: {
  store: PushedRequestStore
  clients: ClientRegistry
  mac: Mac
  clock: Clock
  random: Random
  lifetimes: { pushedRequest: number }
}): PushedRequests {
  const { store, clients, mac, clock, random, lifetimes } = deps

  return {
    async push(request) {
      const id = random.id()
      const createdAt = clock.now()
      const lifetime = lifetimes.pushedRequest
      await store.create({ id, request, createdAt, expiresAt: createdAt + lifetime })
      return { id, requestUri: writeRequestUri(id, mac), lifetime }
    },

    async open(params, browserHash, lifetime) {
      const clientId = requireParam(params, 'client_id')
      const id = readRequestUri(requireParam(params, 'request_uri'), mac)
      if (id === undefined) throw unusableRequestUri('forged-request-uri', clientId)
      const now = clock.now()
      const result = await store.open({ id, clientId, browserHash, now, opensUntil: now + lifetime })
      if (result.status !== 'opened') throw unusableRequestUri(CAUSES[result.status], clientId, id)
      const { interaction, first } = result
      // §4: the registration may have changed since the request was checked.
      const target = resolveAgain(interaction.request, clients)
      if (target === undefined) throw unusableRequestUri('client-gone', clientId, id)
      return { interaction, target, first }
    },
  }
}

const CAUSES = {
  unknown: 'unknown-request-uri',
  'wrong-client': 'foreign-request-uri',
  'foreign-browser': 'foreign-browser',
} as const

/** The refusal of a request_uri: the same words whatever was wrong, so that nobody can ask which ones there are. */
export function unusableRequestUri(cause: string, clientId: string, id?: string): OAuthError {
  return new OAuthError(
    'invalid_request_uri',
    'request_uri is unknown, expired or was used before; go back to the app and start again',
    {
      cause,
      detail: { client_id: clientId.slice(0, 200), ...(id === undefined ? {} : { authorization_id: id }) },
    },
  )
}
