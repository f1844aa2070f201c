/** Makes a request one of OpenID Connect (Core §3.1.2.1). */
export const OPENID = 'openid'

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
