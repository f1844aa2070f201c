import type { ClientRegistry } from '../clients/client-registry.ts'
import { nearest } from '../lib/nearest.ts'
import type { Client } from '../oauth/client.ts'
import { OAuthError } from '../oauth/errors.ts'
import type { Params } from '../oauth/params.ts'
import { readUiLocales } from '../oauth/ui-locales.ts'
import type { IdTokens } from '../tokens/id-token.ts'
import { uriHints } from './uri-hints.ts'

declare const resolved: unique symbol

/**
 * Where the browser goes after a sign-out: a URI that the client registered for it. Only this file makes one, so holding
 * it is the permission to redirect.
 */
export interface AfterLogout {
  readonly uri: string
  readonly state: string | undefined
  readonly [resolved]: true
}

/** A request to sign a person out that passed every check that needs no session (OpenID Connect RP-Initiated Logout §2). */
export interface LogoutRequest {
  /** Undefined where nobody says who asks. */
  client: Client | undefined
  /** Whom an ID token of ours names. */
  hint: { sub: string; sid: string | undefined } | undefined
  after: AfterLogout | undefined
  /** The languages to ask in. */
  uiLocales: readonly string[] | undefined
}

const LONGEST_STATE = 2048

/**
 * Reads `id_token_hint`, `client_id`, `post_logout_redirect_uri`, `state` and `ui_locales`. `logout_hint` says nothing that this
 * server could heed: it signs out the one session that the browser holds.
 *
 * @throws OAuthError to be shown on a page, since there is nowhere safe to send the browser
 */
export async function readLogoutRequest(
  params: Params,
  deps: { clients: ClientRegistry; idTokens: Pick<IdTokens, 'readHint'> },
): Promise<LogoutRequest> {
  const hint = params.id_token_hint === undefined ? undefined : await requireHint(params.id_token_hint, deps.idTokens)
  // §2: where both are given, they must be of one client.
  if (hint !== undefined && params.client_id !== undefined && params.client_id !== hint.aud) {
    throw new OAuthError('invalid_request', 'client_id and id_token_hint are not of the same client', {
      cause: 'hint-of-another-client',
      detail: { client_id: params.client_id.slice(0, 200), hint_aud: hint.aud },
    })
  }
  const client = deps.clients.find(params.client_id ?? hint?.aud ?? '')
  if (client === undefined && params.client_id !== undefined) throw unknownClient(params.client_id)
  return { client, hint, after: readAfterLogout(params, client), uiLocales: readUiLocales(params.ui_locales) }
}

async function requireHint(token: string, idTokens: Pick<IdTokens, 'readHint'>) {
  const hint = await idTokens.readHint(token)
  if (hint !== undefined) return hint
  throw new OAuthError('invalid_request', 'id_token_hint is not an ID token of this server', {
    cause: 'foreign-id-token-hint',
  })
}

function readAfterLogout(params: Params, client: Client | undefined): AfterLogout | undefined {
  const { post_logout_redirect_uri: uri, state } = params
  if (uri === undefined) return undefined
  if (client === undefined) {
    throw new OAuthError(
      'invalid_request',
      'post_logout_redirect_uri needs a client_id, or an id_token_hint of a registered client',
      { cause: 'logout-client-unknown' },
    )
  }
  // §3: byte by byte. No port varies here: nothing that listens on a random port waits for the end of a session.
  if (!client.post_logout_redirect_uris.includes(uri)) {
    throw new OAuthError('invalid_request', 'post_logout_redirect_uri is not registered for this client', {
      cause: 'unregistered-post-logout-redirect-uri',
      detail: {
        client_id: client.client_id,
        post_logout_redirect_uri: uri.split(/[?#]/)[0]?.slice(0, 500),
        nearest_registered: nearest(uri, client.post_logout_redirect_uris),
      },
      hints: uriHints('post_logout_redirect_uri', uri, client.post_logout_redirect_uris),
    })
  }
  if ((state?.length ?? 0) > LONGEST_STATE) {
    throw new OAuthError('invalid_request', `state is longer than ${LONGEST_STATE} characters`, { cause: 'long-state' })
  }
  return { uri, state } as AfterLogout
}

function unknownClient(clientId: string): OAuthError {
  return new OAuthError('invalid_client', 'no client is registered under this client_id', {
    cause: 'unknown-client',
    detail: { client_id: clientId.slice(0, 200) },
    hints: [{ label: 'client_id received', value: clientId }],
  })
}
