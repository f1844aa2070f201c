import { OAuthError } from '../oauth/errors.ts'
import { readRefreshToken } from '../oauth/handles.ts'
import { requireParam } from '../oauth/params.ts'
import { invalidTarget, readResource } from '../oauth/resource.ts'
import { splitScope } from '../oauth/scope.ts'
import { provenKey, refuseKey } from './bound-key.ts'
import type { GrantType } from './grant-type.ts'
import { grantedResource } from './granted-resource.ts'

/** Gives fresh tokens for a refresh token and rotates it (RFC 6749 §6, RFC 9700 §4.14.2). */
export const refreshToken: GrantType = {
  name: 'refresh_token',
  required: ['refresh_token'],

  async authorize(params, client, { authorizations, handles, resources, clock, lifetimes, audit }, dpopJkt) {
    const resource = readResource(params.resource, client, resources)
    const handle = readRefreshToken(requireParam(params, 'refresh_token'), handles)
    if (handle === undefined) throw refuse('forged-refresh-token')

    const asked = splitScope(params.scope ?? '')
    const result = await authorizations.rotate({
      ...handle,
      clientId: client.client_id,
      scope: asked,
      resource,
      now: clock.now(),
      idleTtl: lifetimes.refreshToken,
      maxTtl: lifetimes.refreshTokenMax,
      grace: lifetimes.refreshTokenGrace,
      ...provenKey(client, dpopJkt),
    })

    const about = { client_id: client.client_id, authorization_id: handle.id }
    switch (result.status) {
      case 'rotated':
      case 'converged': {
        const { authorization } = result
        const converged = result.status === 'converged'
        const { subject, generation } = authorization
        audit({ event: 'refresh_token.rotated', subject, generation, converged, ...about })
        return {
          authorization,
          scope: asked.length === 0 ? authorization.scope : asked,
          resource: grantedResource(authorization, resource, client, resources),
        }
      }
      case 'reused':
        audit({ event: 'refresh_token.reused', generation: handle.generation, ...about })
        throw refuse('refresh-token-reused', about)
      case 'wrong-scope':
        // RFC 6749 §6: a refresh may ask for less than was granted, never for more.
        throw new OAuthError('invalid_scope', 'scope names more than was granted', {
          cause: 'scope-not-granted',
          detail: { ...about, requested: asked.slice(0, 32), granted: result.scope },
        })
      case 'wrong-dpop-key':
        throw refuseKey(dpopJkt, refuse, about, audit)
      case 'wrong-resource':
        throw invalidTarget(resource ?? '')
      case 'wrong-client':
        throw refuse('refresh-token-of-another-client', about)
      case 'unknown':
        throw refuse('refresh-token-expired-or-revoked', about)
    }
  },
}

function refuse(cause: string, detail: Record<string, unknown> = {}): OAuthError {
  return new OAuthError('invalid_grant', 'the refresh token is invalid, expired, revoked or for another client', {
    cause,
    detail,
  })
}
