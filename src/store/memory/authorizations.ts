import { OFFLINE_ACCESS, OPENID } from '../../oauth/scope.ts'
import type { Authorization, AuthorizationStore, NewAuthorization, Owner, ProvenKey, RotateResult } from '../store.ts'
import type { AuthorizationIndex } from './authorization-index.ts'
import type { ExpiringMap } from './expiring-map.ts'

/** An authorization as the memory store keeps it. */
export interface StoredAuthorization extends NewAuthorization {
  generation: number
  expiresAt: number
  usedAt: number
  /** The first generation that is bound to dpopJkt, where not all of them are. */
  dpopFrom?: number
}

/** A new authorization in the state `code`. */
export function bornAsCode(authorization: NewAuthorization): StoredAuthorization {
  return { ...authorization, generation: 0, expiresAt: authorization.codeExpiresAt, usedAt: 0 }
}

/** Authorizations in memory. Every verb runs to its end without waiting, which is what makes it atomic here. */
export function createAuthorizations(
  records: ExpiringMap<StoredAuthorization>,
  index: AuthorizationIndex,
): AuthorizationStore {
  const save = (record: StoredAuthorization, now: number) => records.set(record.id, record, record.expiresAt, now)
  const ofOwner = ({ userKey, subject }: Owner, now: number) =>
    index
      .since(userKey, 0)
      .flatMap((id) => records.get(id, now) ?? [])
      .filter((record) => record.subject === subject)

  return {
    async create(authorization) {
      save(bornAsCode(authorization), authorization.createdAt)
    },

    async redeem({ id, clientId, redirectUri, resource, codeChallenge, now, activeUntil, replayLeniency, ...key }) {
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
      if (isBoundElsewhere(record, key)) return { status: 'wrong-dpop-key' }
      if (record.codeChallenge !== codeChallenge) {
        records.delete(id)
        return { status: 'wrong-verifier', codeChallenge: record.codeChallenge }
      }
      const { dpopJkt: _, ...rest } = record
      const active = { ...rest, ...boundTo(key), generation: 1, usedAt: now, expiresAt: activeUntil }
      save(active, now)
      return { status: 'redeemed', authorization: asAuthorization(active) }
    },

    async rotate({
      id,
      clientId,
      generation,
      scope,
      resource,
      now,
      idleTtl,
      maxTtl,
      grace,
      ...key
    }): Promise<RotateResult> {
      const record = records.get(id, now)
      if (record === undefined || record.generation === 0) return { status: 'unknown' }
      if (record.clientId !== clientId) return { status: 'wrong-client' }
      if (!scope.every((name) => record.scope.includes(name))) return { status: 'wrong-scope', scope: record.scope }
      if (resource !== undefined && !record.resources.includes(resource)) return { status: 'wrong-resource' }
      if (isBoundElsewhere(record, key)) {
        if (generation >= (record.dpopFrom ?? 0)) return { status: 'wrong-dpop-key' }
        records.delete(id)
        return { status: 'reused' }
      }
      if (generation < record.generation) {
        if (generation === record.generation - 1 && grace > 0 && now - record.usedAt < grace) {
          return { status: 'converged', authorization: asAuthorization(record) }
        }
        records.delete(id)
        return { status: 'reused' }
      }
      const expiresAt = Math.min(now + idleTtl, record.createdAt + maxTtl)
      const bound = record.dpopJkt === undefined ? boundTo(key, generation + 1) : {}
      const rotated = { ...record, ...bound, generation: generation + 1, usedAt: now, expiresAt }
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

    async endWithSession(id, subject, lineage, now) {
      const record = records.get(id, now)
      if (record === undefined) return { status: 'unknown' }
      const { scope, clientId, sessionId } = record
      const goesAlong = scope.includes(OPENID) && !scope.includes(OFFLINE_ACCESS)
      if (record.subject !== subject || sessionId !== lineage || !goesAlong) return { status: 'kept' }
      records.delete(id)
      return { status: 'ended', clientId }
    },

    async ofUser(owner, now) {
      return ofOwner(owner, now)
        .filter(({ generation }) => generation > 0)
        .sort((one, other) => other.createdAt - one.createdAt)
        .map(asAuthorization)
    },

    async endForClient(owner, clientId, now) {
      const ids = ofOwner(owner, now).flatMap((record) => (record.clientId === clientId ? record.id : []))
      for (const id of ids) records.delete(id)
      return ids
    },
  }
}

function isBoundElsewhere(record: StoredAuthorization, key: ProvenKey): boolean {
  return record.dpopJkt !== undefined && record.dpopJkt !== key.dpopJkt
}

/** What a record gains by a proof. */
function boundTo({ dpopJkt, bindsRefreshTokens }: ProvenKey, dpopFrom?: number): Partial<StoredAuthorization> {
  if (dpopJkt === undefined || !bindsRefreshTokens) return {}
  return { dpopJkt, ...(dpopFrom === undefined ? {} : { dpopFrom }) }
}

/** The record as callers see it. */
export function asAuthorization({
  redirectUri,
  codeChallenge,
  codeExpiresAt,
  dpopFrom,
  ...rest
}: StoredAuthorization): Authorization {
  return rest
}
