import type { AuthorizationRequest } from '../oauth/authorization-request.ts'
import { scopeOfClaim } from '../oauth/openid-claims.ts'
import type { Consent } from '../store/sessions.ts'

/** What a consent is about: every scope at every resource. */
interface Asked {
  scope: readonly string[]
  resources: readonly string[]
}

/**
 * What the person is asked. A claim that is named one by one counts as the scope it belongs to: it tells the client the same,
 * so the person sees it on the page and says yes to it there.
 */
export function askedOf({ scope, resources, claims }: AuthorizationRequest): Asked {
  const named = [...(claims?.idToken ?? []), ...(claims?.userinfo ?? [])].flatMap((name) => scopeOfClaim(name) ?? [])
  return { scope: [...new Set([...scope, ...named])], resources }
}

/** Whether all that is asked was allowed before, each scope at the very resource it is asked for. */
export function covers(consent: Consent, { scope, resources }: Asked): boolean {
  return resources.every((uri) => {
    const grant = consent.grants.find(({ resource }) => resource === uri)
    return grant !== undefined && scope.every((name) => grant.scope.includes(name))
  })
}

/**
 * The consent with what was just allowed added. Kept by resource: a yes to reading mail and another to writing files must
 * never add up to writing mail.
 */
export function extended(consent: Consent | undefined, { scope, resources }: Asked, expiresAt: number): Consent {
  const before = consent?.grants ?? []
  const known = (uri: string) => before.find(({ resource }) => resource === uri)?.scope ?? []
  return {
    grants: [
      ...before.filter(({ resource }) => !resources.includes(resource)),
      ...resources.map((uri) => ({ resource: uri, scope: [...new Set([...known(uri), ...scope])] })),
    ],
    expiresAt,
  }
}
