import type { Client } from './client.ts'
import { mayUse } from './client.ts'
import { OAuthError } from './errors.ts'
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
  if (params.response_mode !== undefined && params.response_mode !== 'query') {
    throw new OAuthError('invalid_request', 'response_mode must be query', { cause: 'wrong-response-mode' })
  }
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
    codeChallenge: requireChallenge(params),
    resources: requireResources(params.resource, client, resources),
    scope: requireScope(params.scope, client),
  }
}
