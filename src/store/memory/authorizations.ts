import type { Authorization, AuthorizationStore, NewAuthorization, RotateResult } from '../store.ts'
import type { ExpiringMap } from './expiring-map.ts'

/** An authorization as the memory store keeps it. */
export interface StoredAuthorization extends NewAuthorization {
  generation: number
  expiresAt: number
  /** When it was last redeemed or rotated. */
  usedAt: number
}

/** A new authorization in the state `code`. */
export function bornAsCode(authorization: NewAuthorization): StoredAuthorization {
  return { ...authorization, generation: 0, expiresAt: authorization.codeExpiresAt, usedAt: 0 }
}

/** Authorizations in memory. Every verb runs to its end without waiting, which is what makes it atomic here. */
export function createAuthorizations(records: ExpiringMap<StoredAuthorization>): AuthorizationStore {
  const save = (record: StoredAuthorization, now: number) => records.set(record.id, record, record.expiresAt, now)

  return {
    async create(authorization) {
      save(bornAsCode(authorization), authorization.createdAt)
    },

    async redeem({ id, clientId, redirectUri, resource, codeChallenge, now, activeUntil, replayLeniency }) {
      const record = records.get(id, now)
      if (record === undefined) return { status: 'unknown' }
      if (record.clientId !== clientId) return { status: 'wrong-client' }
      if (redirectUri !== undefined && record.redirectUri !== redirectUri) return { status: 'wrong-redirect-uri' }
      if (resource !== undefined && !record.resources.includes(resource)) return { status: 'wrong-resource' }
      if (record.generation > 0) {
        const lenient = record.generation === 1 && replayLeniency > 0 && now - record.usedAt < replayLeniency
        if (lenient && record.codeChallenge === codeChallenge) {
          return { status: 'replayed', revoked: false }
        }
        records.delete(id)
        return { status: 'replayed', revoked: true }
      }
      if (record.codeChallenge !== codeChallenge) {
        records.delete(id)
        return { status: 'wrong-verifier', codeChallenge: record.codeChallenge }
      }
      const active = { ...record, generation: 1, usedAt: now, expiresAt: activeUntil }
      save(active, now)
      return { status: 'redeemed', authorization: asAuthorization(active) }
    },

    async rotate({ id, clientId, generation, scope, resource, now, idleTtl, maxTtl, grace }): Promise<RotateResult> {
      const record = records.get(id, now)
      if (record === undefined || record.generation === 0) return { status: 'unknown' }
      if (record.clientId !== clientId) return { status: 'wrong-client' }
      if (!scope.every((name) => record.scope.includes(name))) return { status: 'wrong-scope', scope: record.scope }
      if (resource !== undefined && !record.resources.includes(resource)) return { status: 'wrong-resource' }
      if (generation < record.generation) {
        if (generation === record.generation - 1 && grace > 0 && now - record.usedAt < grace) {
          return { status: 'converged', authorization: asAuthorization(record) }
        }
        records.delete(id)
        return { status: 'reused' }
      }
      const expiresAt = Math.min(now + idleTtl, record.createdAt + maxTtl)
      const rotated = { ...record, generation: generation + 1, usedAt: now, expiresAt }
      save(rotated, now)
      return { status: 'rotated', authorization: asAuthorization(rotated) }
    },

    async find(id, now) {
      const record = records.get(id, now)
      return record !== undefined && record.generation > 0 ? asAuthorization(record) : undefined
    },

    async revoke(id) {
      records.delete(id)
    },
  }
}

function asAuthorization({
  redirectUri,
  codeChallenge,
  codeExpiresAt,
  usedAt,
  ...rest
}: StoredAuthorization): Authorization {
  return rest
}
