import type { Consent, ConsentStore, ConsentSubject, GivenConsent, RememberedConsent } from '../sessions.ts'
import { createExpiringMap } from './expiring-map.ts'

/** Consents in memory, those of a user together. */
export interface MemoryConsents extends ConsentStore {
  find(userKey: string, consentFor: ConsentSubject, now: number): Consent | undefined
}

export function createConsents(): MemoryConsents {
  const users = createExpiringMap<readonly RememberedConsent[]>()

  const live = (userKey: string, now: number) =>
    (users.get(userKey, now) ?? []).filter(({ consent }) => now < consent.expiresAt)

  const save = (userKey: string, consents: readonly RememberedConsent[], now: number) =>
    users.set(userKey, consents, Math.max(...consents.map(({ consent }) => consent.expiresAt)), now)

  return {
    async remember(userKey, { clientId, redirectUri }, given, now) {
      const isSame = (one: ConsentSubject) => one.clientId === clientId && one.redirectUri === redirectUri
      const all = live(userKey, now)
      const consent = extended(all.find(isSame)?.consent, given)
      save(userKey, [...all.filter((one) => !isSame(one)), { clientId, redirectUri, consent }], now)
    },

    ofUser: async (userKey, now) => live(userKey, now),

    async forget(userKey, clientId) {
      // At the beginning of time nothing is over yet, so all that is there is seen.
      const others = (users.get(userKey, 0) ?? []).filter((one) => one.clientId !== clientId)
      if (others.length === 0) users.delete(userKey)
      else save(userKey, others, 0)
    },

    find: (userKey, { clientId, redirectUri }, now) =>
      live(userKey, now).find((one) => one.clientId === clientId && one.redirectUri === redirectUri)?.consent,
  }
}

function extended(before: Consent | undefined, { scope, leftOut, resources, expiresAt }: GivenConsent): Consent {
  const grants = before?.grants ?? []
  const known = (uri: string) => grants.find(({ resource }) => resource === uri)?.scope ?? []
  const allowed = (uri: string) => [...new Set([...known(uri), ...scope])].filter((name) => !leftOut.includes(name))
  return {
    grants: [
      ...grants.filter(({ resource }) => !resources.includes(resource)),
      ...resources.map((uri) => ({ resource: uri, scope: allowed(uri) })),
    ],
    expiresAt,
  }
}
