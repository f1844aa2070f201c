import { OAuthError } from './errors.ts'

/** Asks for access while the person is away; always understood for clients that may refresh (OIDC Core §11). */
export const OFFLINE_ACCESS = 'offline_access'

/** The distinct scope names of a space-separated list, in the order they came (RFC 6749 §3.3). */
export function splitScope(scope: string): string[] {
  return [...new Set(scope.split(' ').filter((name) => name !== ''))]
}

/** Whether the name follows RFC 6749 §3.3 (`scope-token`). */
export function isScopeName(name: string): boolean {
  return /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(name)
}

/**
 * The scopes that a request asks for: those it names, or all that are allowed where it names none.
 *
 * @throws OAuthError `invalid_scope` naming the first scope that is not allowed.
 */
export function requireScope(requested: string | undefined, allowed: readonly string[]): string[] {
  if (requested === undefined) return allowed.filter((name) => name !== OFFLINE_ACCESS)
  const names = splitScope(requested)
  const foreign = names.find((name) => !allowed.includes(name))
  if (foreign === undefined) return names
  const shown = isScopeName(foreign) ? `scope ${foreign.slice(0, 64)}` : 'a scope'
  throw new OAuthError('invalid_scope', `${shown} is not among those this client may ask for`, {
    cause: 'scope-not-allowed',
    detail: { requested: names.slice(0, 32), allowed },
  })
}
