import type { ClientRegistry } from '../clients/client-registry.ts'
import { nearest } from '../lib/nearest.ts'
import type { ResponseMode } from '../oauth/authorization-request.ts'
import type { Client } from '../oauth/client.ts'
import { OAuthError } from '../oauth/errors.ts'
import { type Params, requireParam } from '../oauth/params.ts'
import { matchRedirectUri } from '../oauth/redirect-uri.ts'
import { uriHints } from './uri-hints.ts'

declare const resolved: unique symbol

/**
 * Where the answer to an authorization request may go: a registered client at one of its redirect URIs. Only this file
 * makes one, so holding a Target is the permission to redirect (RFC 9700 §4.11.2).
 */
export interface Target {
  readonly client: Client
  /** As the request had it: the registered one but for the port of a loopback address. */
  readonly redirectUri: string
  /** The registered URI it stands for. */
  readonly registeredUri: string
  readonly state: string | undefined
  readonly responseMode: ResponseMode
  readonly [resolved]: true
}

/**
 * The target of an authorization request (RFC 6749 §4.1.2.1).
 *
 * @throws OAuthError to be shown on a page, since there is nowhere safe to send the browser
 */
export function resolveTarget(params: Params, clients: ClientRegistry): Target {
  const clientId = requireParam(params, 'client_id')
  const client = clients.find(clientId)
  if (client === undefined) {
    throw new OAuthError('invalid_client', 'no client is registered under this client_id', {
      cause: 'unknown-client',
      detail: { client_id: clientId.slice(0, 200) },
      hints: [{ label: 'client_id received', value: clientId }],
    })
  }
  const requested = params.redirect_uri ?? theOnlyOne(client)
  const registeredUri = matchRedirectUri(requested, client.redirect_uris)
  if (registeredUri === undefined) throw unregistered(client, requested)
  return target(client, requested, registeredUri, params.state, readResponseMode(params))
}

/** The target of a request that was resolved before, while its client and redirect URI are still registered. */
export function resolveAgain(
  request: { clientId: string; redirectUri: string; state: string | undefined; responseMode: ResponseMode },
  clients: ClientRegistry,
): Target | undefined {
  const client = clients.find(request.clientId)
  const registeredUri = client && matchRedirectUri(request.redirectUri, client.redirect_uris)
  if (client === undefined || registeredUri === undefined) return undefined
  return target(client, request.redirectUri, registeredUri, request.state, request.responseMode)
}

function target(
  client: Client,
  redirectUri: string,
  registeredUri: string,
  state: string | undefined,
  responseMode: ResponseMode,
): Target {
  return { client, redirectUri, registeredUri, state, responseMode } as Target
}

/** How to answer, errors too; a mode that is not known is refused later on, by the one that every client understands. */
function readResponseMode({ response_mode }: Params): ResponseMode {
  return response_mode === 'form_post' ? 'form_post' : 'query'
}

/** RFC 6749 §3.1.2.3: with several registered, or none, the request must name one. */
function theOnlyOne(client: Client): string {
  const [only, second] = client.redirect_uris
  if (only !== undefined && second === undefined) return only
  throw new OAuthError('invalid_request', 'missing parameter: redirect_uri (this client has several registered)', {
    cause: 'missing-redirect-uri',
    detail: { client_id: client.client_id },
  })
}

function unregistered(client: Client, requested: string): OAuthError {
  return new OAuthError('invalid_request', 'redirect_uri is not registered for this client', {
    cause: 'unregistered-redirect-uri',
    detail: {
      client_id: client.client_id,
      redirect_uri: requested.split(/[?#]/)[0]?.slice(0, 500),
      nearest_registered: nearest(requested, client.redirect_uris),
    },
    hints: uriHints('redirect_uri', requested, client.redirect_uris),
  })
}
