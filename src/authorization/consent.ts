import type { AuthorizationRequest, ClaimsRequest } from '../oauth/authorization-request.ts'
import { scopeOfClaim } from '../oauth/openid-claims.ts'
import { OFFLINE_ACCESS, OPENID } from '../oauth/scope.ts'
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

/** What the consent page says of the scopes: those that are new, and those that were allowed before and stay so. */
export function parted(
  request: AuthorizationRequest,
  consent: Consent | undefined,
): { fresh: readonly string[]; known: readonly string[] } {
  const { scope, resources } = askedOf(request)
  // OpenID Connect Core §3.1.2.1: prompt=consent asks for everything again.
  const before = request.prompt.includes('consent') ? undefined : consent
  const isKnown = (name: string) => before !== undefined && covers(before, { scope: [name], resources })
  return { fresh: scope.filter((name) => !isKnown(name)), known: scope.filter(isKnown) }
}

/**
 * Whether a person may leave the scope out where they may choose: without openid there is no sign-in at all, and how long the
 * access lasts is not a power of its own.
 */
export function isOptional(scopeName: string): boolean {
  return scopeName !== OPENID && scopeName !== OFFLINE_ACCESS
}

/** The request without the scopes that the person left out, nor the single claims that belong to them. */
export function narrowed(request: AuthorizationRequest, leftOut: readonly string[]): AuthorizationRequest {
  if (leftOut.length === 0) return request
  const { claims, ...rest } = request
  const stays = (name: string) => !leftOut.includes(scopeOfClaim(name) ?? '')
  const left: ClaimsRequest | undefined = claims && {
    idToken: claims.idToken.filter(stays),
    userinfo: claims.userinfo.filter(stays),
  }
  return {
    ...rest,
    scope: request.scope.filter((name) => !leftOut.includes(name)),
    ...(left === undefined ? {} : { claims: left }),
  }
}
