import { sha256 } from '../../lib/digest.ts'
import type { RequestWindow } from '../rate-limits.ts'
import type { ConsentSubject, SessionId } from '../sessions.ts'
import type { AccessTokenName } from '../store.ts'

/**
 * The one place where Redis keys are spelled. What stands in braces decides the cluster slot (Redis Cluster
 * specification, "Hash tags"): keys that one script moves together carry the same tag.
 *
 * - `authorization:{id}` hash: one authorization from code to last refresh. Lives until the code, then the
 *   refresh chain, ends.
 * - `interaction:{id}` hash: one request that waits for a person. Once it is answered, it lives for some minutes at most.
 *   Shares its slot with the authorization it becomes.
 * - `pushed:{id}` hash: one request that was pushed and not opened yet. Shares its slot with the interaction it becomes.
 * - `session:{userKey}:secret` hash: a signed-in browser. Lives for its idle time.
 * - `authorizations-of:{userKey}` sorted set: ids of the authorizations that a user asked for, by when they last did. Some
 *   came to nothing and are dropped now and then. Lives as long as the longest authorization in it can. Shares its slot with
 *   the sessions of the user.
 * - `consents:{userKey}` hash: a field per client and redirect URI; its value is a line for when it ends and a line for
 *   every resource with its scopes. Lives as long as its longest consent. Shares its slot with the sessions of the user.
 * - `revoked:{id}:token` string: one access token that was revoked by itself. Lives as long as the token would have.
 *   Shares its slot with the authorization the token came from.
 * - `once:{hash}` string: one id that counts once in its scope, hashed since both may come from a stranger. Lives as long
 *   as what carries the id is good.
 * - `probe:{tag}` string: what tells readiness that a node takes writes, in one of its slots. Lives for some seconds.
 * - `failures:{network}` hash: failed proofs from one network, and until when it waits. Lives for a while after the last.
 *   In the place of a network stands `account:` and a hash for the strangers who try one account, and `device:` and an id
 *   for one browser that was signed in to it before.
 * - `failures:{network}:hash` hash: those of one name from there, hashed since it comes from a stranger. Shares its slot
 *   with the network's.
 * - `requests:{limit:who}:start` string: how many requests of one network or client counted against a limit in the window
 *   that began then. Lives until a window after it.
 * - `refusals` stream: the newest refused requests, an entry each: its error id and the rest as JSON. Holds about 10,000, each
 *   for about a day at most; lives for a day after the last.
 */
export interface Keys {
  authorization(id: string): string
  /** The id in the key of an authorization. */
  readAuthorization(key: string): string
  /** What SCAN finds the authorizations by. */
  everyAuthorization(): string
  interaction(id: string): string
  pushed(id: string): string
  session(id: SessionId): string
  authorizationsOf(userKey: string): string
  consents(userKey: string): string
  revoked(token: AccessTokenName): string
  once(scope: string, id: string): string
  probe(tag: string): string
  failuresByNetwork(network: string): string
  failuresByName(network: string, name: string): string
  requests(window: RequestWindow): string
  refusals(): string
}

/** @param prefix stands before every key, so that several systems may share one Redis */
export function createKeys(prefix: string): Keys {
  return {
    authorization: (id) => `${prefix}authorization:{${id}}`,
    readAuthorization: (key) => key.slice(`${prefix}authorization:{`.length, -1),
    // A prefix may have letters that mean something in a pattern.
    everyAuthorization: () => `${prefix.replace(/[\\*?[\]^]/g, '\\$&')}authorization:{*}`,
    interaction: (id) => `${prefix}interaction:{${id}}`,
    pushed: (id) => `${prefix}pushed:{${id}}`,
    session: ({ userKey, secret }) => `${prefix}session:{${userKey}}:${secret}`,
    authorizationsOf: (userKey) => `${prefix}authorizations-of:{${userKey}}`,
    consents: (userKey) => `${prefix}consents:{${userKey}}`,
    once: (scope, id) => `${prefix}once:{${sha256(JSON.stringify([scope, id]))}}`,
    probe: (tag) => `${prefix}probe:{${tag}}`,
    failuresByNetwork: (network) => `${prefix}failures:{${network}}`,
    failuresByName: (network, name) => `${prefix}failures:{${network}}:${sha256(name)}`,
    requests: ({ limit, who, startsAt }) => `${prefix}requests:{${limit}:${who}}:${startsAt}`,
    refusals: () => `${prefix}refusals`,
    revoked: ({ authorizationId, tokenId }) => `${prefix}revoked:{${authorizationId ?? tokenId}}:${tokenId}`,
  }
}

/** The field of a consents hash. A space stands in no client_id and no URI, so it parts them for sure. */
export function consentField({ clientId, redirectUri }: ConsentSubject): string {
  return `${clientId} ${redirectUri}`
}

export function readConsentField(field: string): ConsentSubject {
  const space = field.indexOf(' ')
  return { clientId: field.slice(0, space), redirectUri: field.slice(space + 1) }
}
