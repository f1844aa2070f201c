import { type Client, mayRequest } from './client.ts'
import { OAuthError } from './errors.ts'
import { isScopeName, OFFLINE_ACCESS, splitScope } from './scope.ts'

/**
 * The scopes that a request of the client asks for: those it names, or all that the client may ask for where it names none.
 *
 * @throws OAuthError `invalid_scope` naming the first scope that is not the client's
 */
export function requireScope(requested: string | undefined, client: Client): string[] {
  const names = splitScope(requested ?? '')
  if (names.length === 0) return client.scope.filter((name) => name !== OFFLINE_ACCESS)
  const foreign = names.find((name) => !mayRequest(client, name))
  if (foreign === undefined) return names
  const shown = isScopeName(foreign) ? `scope ${foreign.slice(0, 64)}` : 'a scope'
  throw new OAuthError('invalid_scope', `${shown} is not among those this client may ask for`, {
    cause: 'scope-not-allowed',
    detail: { client_id: client.client_id, requested: names.slice(0, 32), allowed: client.scope },
  })
}
