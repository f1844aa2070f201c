import { invalidProof } from '../dpop/dpop.ts'
import { type Client, isPublic } from '../oauth/client.ts'
import type { OAuthError } from '../oauth/errors.ts'
import type { ProvenKey } from '../store/store.ts'
import type { Audit } from '../telemetry/events.ts'

/**
 * The key of a token request as the store compares it. RFC 9449 §5: refresh tokens of public clients are bound to it;
 * those of others are bound to the client already, which may so change its key.
 */
export function provenKey(client: Client, dpopJkt: string | undefined): ProvenKey {
  return { dpopJkt, bindsRefreshTokens: isPublic(client) }
}

/**
 * The refusal of a code or refresh token whose key was not proven (RFC 9449 §5 and §10, which name no error code). Another
 * key makes it as worthless as another client would: invalid_grant (RFC 6749 §5.2). A proof that is missing can be made
 * up for, so the client must not be told that what it holds is worth nothing.
 *
 * @param refuse the grant type's own invalid_grant
 */
export function refuseKey(
  dpopJkt: string | undefined,
  refuse: (cause: string, detail: Record<string, unknown>) => OAuthError,
  about: { client_id: string; authorization_id: string },
  audit: Audit,
): OAuthError {
  const cause = dpopJkt === undefined ? 'no-proof' : 'wrong-dpop-key'
  audit({ event: 'dpop.wrong_key', cause, ...about })
  return dpopJkt === undefined
    ? invalidProof(cause, 'this needs a proof of the key it is bound to')
    : refuse(cause, about)
}
