import type { Client } from './client.ts'
import { mayUse } from './client.ts'
import { readDpopJkt } from './dpop-params.ts'
import { OAuthError } from './errors.ts'
import { readOpenIdParams } from './openid-params.ts'
import { type Params, requireParam } from './params.ts'
import { requireChallenge } from './pkce.ts'
import { requireScope } from './requested-scope.ts'
import { type Resources, requireResources } from './resource.ts'

/** An authorization request that passed every check that needs no person. */
export interface AuthorizationRequest {
  clientId: string
  redirectUri: string
  state: string | undefined
  scope: readonly string[]
  /** What the tokens will be for (RFC 8707). */
  resources: readonly string[]
  codeChallenge: string
  responseMode: ResponseMode
  /** The `nonce` of the ID token (OpenID Connect Core §3.1.2.1). */
  nonce?: string
  /** How far the person may be asked (§3.1.2.1). Empty: as far as needed. */
  prompt: readonly Prompt[]
  /** The longest time since the person last proved who they are, in seconds. */
  maxAge?: number
  /** What to put into the sign-in form. */
  loginHint?: string
  /** The languages that the client asks for, best first: language tags (§3.1.2.1). */
  uiLocales?: readonly string[]
  /** The user that the client expects, by the `sub` the client knows; from id_token_hint or the claims parameter. */
  expectedSubject?: string
  /** The single claims asked for (§5.5). */
  claims?: ClaimsRequest
  /** The thumbprint of the key that the code will be bound to (RFC 9449 §10). */
  dpopJkt?: string
}

/** How the answer travels: in the query of the redirect, or in a form that the browser posts. */
export type ResponseMode = 'query' | 'form_post'

export type Prompt = 'none' | 'login' | 'consent' | 'select_account'

/** The names of claims asked for one by one, by where they are wanted. */
export interface ClaimsRequest {
  idToken: readonly string[]
  userinfo: readonly string[]
}

const LONGEST_STATE = 2048

/**
 * The rest of an authorization request, once its client and redirect URI are known (RFC 6749 §4.1.1, RFC 7636 §4.3).
 * Unknown parameters are ignored (RFC 6749 §3.1).
 *
 * @param redirectUri the resolved one, exactly as the answer will use it
 * @throws OAuthError with the registered code for the first parameter at fault; to be sent by redirect
 */
export function requireAuthorizationRequest(
  params: Params,
  client: Client,
  redirectUri: string,
  resources: Resources,
): AuthorizationRequest {
  const responseType = requireParam(params, 'response_type')
  if (responseType !== 'code') {
    throw new OAuthError('unsupported_response_type', 'response_type must be code', { cause: 'wrong-response-type' })
  }
  if (params.request !== undefined) {
    throw new OAuthError('request_not_supported', 'request objects are not supported')
  }
  if (params.request_uri !== undefined) {
    throw new OAuthError('request_uri_not_supported', 'request_uri is not supported')
  }
  const responseMode = readResponseMode(params.response_mode)
  if (!mayUse(client, 'authorization_code')) {
    throw new OAuthError('unauthorized_client', 'this client may not use the authorization code flow', {
      cause: 'grant-type-not-registered',
    })
  }
  if ((params.state?.length ?? 0) > LONGEST_STATE) {
    throw new OAuthError('invalid_request', `state is longer than ${LONGEST_STATE} characters`, { cause: 'long-state' })
  }
  return {
    clientId: client.client_id,
    redirectUri,
    state: params.state,
    responseMode,
    codeChallenge: requireChallenge(params),
    resources: requireResources(params.resource, client, resources),
    scope: requireScope(params.scope, client),
    ...readOpenIdParams(params, client),
    ...readDpopJkt(params),
  }
}

function readResponseMode(text: string | undefined): ResponseMode {
  if (text === undefined || text === 'query') return 'query'
  if (text === 'form_post') return text
  throw new OAuthError('invalid_request', 'response_mode must be query or form_post', { cause: 'wrong-response-mode' })
}
