import { mayUse } from '../oauth/client.ts'
import { OAuthError } from '../oauth/errors.ts'
import { readCode } from '../oauth/handles.ts'
import { requireParam } from '../oauth/params.ts'
import { requireVerifierChallenge } from '../oauth/pkce.ts'
import { diagnoseMismatch } from '../oauth/pkce-doctor.ts'
import { invalidTarget, longestAccessToken, readResource } from '../oauth/resource.ts'
import type { RedeemResult } from '../store/store.ts'
import { provenKey, refuseKey } from './bound-key.ts'
import type { GrantType } from './grant-type.ts'
import { grantedResource } from './granted-resource.ts'

/** Redeems a code with its verifier (RFC 6749 §4.1.3, RFC 7636 §4.5). */
export const authorizationCode: GrantType = {
  name: 'authorization_code',
  required: ['code', 'code_verifier'],

  async authorize(params, client, { authorizations, handles, resources, clock, lifetimes, audit }, dpopJkt) {
    const resource = readResource(params.resource, client, resources)
    const codeChallenge = requireVerifierChallenge(params)
    const id = readCode(requireParam(params, 'code'), handles)
    if (id === undefined) throw refuse('forged-code')

    const now = clock.now()
    const lifetime = mayUse(client, 'refresh_token') ? lifetimes.refreshToken : longestAccessToken(resources)
    const result = await authorizations.redeem({
      id,
      clientId: client.client_id,
      redirectUri: params.redirect_uri,
      resource,
      codeChallenge,
      now,
      activeUntil: now + lifetime,
      replayLeniency: lifetimes.codeReplayLeniency,
      ...provenKey(client, dpopJkt),
    })

    const about = { client_id: client.client_id, authorization_id: id }
    switch (result.status) {
      case 'redeemed':
        audit({ event: 'code.redeemed', subject: result.authorization.subject, ...about })
        return {
          authorization: result.authorization,
          scope: result.authorization.scope,
          nonce: result.authorization.nonce,
          resource: grantedResource(result.authorization, resource, client, resources),
        }
      case 'replayed':
        audit({ event: 'code.replayed', revoked: result.revoked, ...about })
        throw refuse(result.revoked ? 'code-replayed' : 'code-replayed-leniently', about)
      case 'wrong-verifier': {
        const cause = diagnoseMismatch(requireParam(params, 'code_verifier'), result.codeChallenge)
        audit({ event: 'code.burnt', cause, ...about })
        throw refuse(cause, about)
      }
      case 'wrong-dpop-key':
        throw refuseKey(dpopJkt, refuse, about, audit)
      case 'wrong-resource':
        throw invalidTarget(resource ?? '')
      default:
        throw refuse(causes[result.status], about)
    }
  },
}

const causes: Record<
  Exclude<RedeemResult['status'], 'redeemed' | 'replayed' | 'wrong-verifier' | 'wrong-resource' | 'wrong-dpop-key'>,
  string
> = {
  'wrong-client': 'code-of-another-client',
  'wrong-redirect-uri': 'redirect-uri-differs',
  unknown: 'code-expired-or-revoked',
}

/** One sentence for every cause: which of them it was would help only someone who should not know (RFC 6749 §5.2). */
function refuse(cause: string, detail: Record<string, unknown> = {}): OAuthError {
  return new OAuthError(
    'invalid_grant',
    'the authorization code is invalid, expired, used, for another client or redirect_uri, or the code_verifier does not match',
    { cause, detail },
  )
}
