import { type AuthorizationRequest, requireAuthorizationRequest } from '../oauth/authorization-request.ts'
import { OAuthError } from '../oauth/errors.ts'
import type { Params } from '../oauth/params.ts'
import type { Resources } from '../oauth/resource.ts'
import type { IdTokens } from '../tokens/id-token.ts'
import type { Target } from './target.ts'

/**
 * The authorization request behind the parameters, once its target is known.
 *
 * @throws OAuthError as requireAuthorizationRequest does, and `invalid_request` for an id_token_hint that is not ours
 */
export async function readAuthorizationRequest(
  params: Params,
  target: Target,
  deps: { config: { resources: Resources }; idTokens: IdTokens },
): Promise<AuthorizationRequest> {
  const { client, redirectUri } = target
  const request = requireAuthorizationRequest(params, client, redirectUri, deps.config.resources)
  if (params.id_token_hint === undefined) return request
  const hint = await deps.idTokens.readHint(params.id_token_hint)
  if (hint === undefined || hint.aud !== client.client_id) {
    throw new OAuthError('invalid_request', 'id_token_hint is not an ID token that this server gave to this client', {
      cause: 'foreign-id-token-hint',
    })
  }
  return { ...request, expectedSubject: hint.sub }
}
