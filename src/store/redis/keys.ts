import type { ConsentSubject, SessionId } from '../store.ts'

/**
 * The one place where Redis keys are spelled. What stands in braces decides the cluster slot (Redis Cluster
 * specification, "Hash tags"): keys that one script moves together carry the same tag.
 *
 * - `authorization:{id}` hash: one authorization from code to last refresh. Lives until the code, then the
 *   refresh chain, ends.
 * - `interaction:{id}` hash: one request that waits for a person. Shares its slot with the authorization it becomes.
 * - `session:{userKey}:secret` hash: a signed-in browser. Lives for its idle time.
 * - `consents:{userKey}` hash: a field per client and redirect URI, its value `expiresAt scope scope...`. Lives as
 *   long as its longest consent. Shares its slot with the sessions of the user.
 */
export interface Keys {
  authorization(id: string): string
  interaction(id: string): string
  session(id: SessionId): string
  consents(userKey: string): string
}

/** @param prefix stands before every key, so that several systems may share one Redis */
export function createKeys(prefix: string): Keys {
  return {
    authorization: (id) => `${prefix}authorization:{${id}}`,
    interaction: (id) => `${prefix}interaction:{${id}}`,
    session: ({ userKey, secret }) => `${prefix}session:{${userKey}}:${secret}`,
    consents: (userKey) => `${prefix}consents:{${userKey}}`,
  }
}

/** The field of a consents hash. A space stands in no client_id and no URI, so it parts them for sure. */
export function consentField({ clientId, redirectUri }: ConsentSubject): string {
  return `${clientId} ${redirectUri}`
}
