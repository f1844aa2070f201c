import type { Redis } from 'ioredis'
import { sha256 } from '../../lib/digest.ts'
import type { AuthorizationStore, EndResult, ProvenKey, RedeemResult, RotateResult } from '../store.ts'
import type { Keys } from './keys.ts'
import { readAuthorization, readFields, readList, writeCode } from './records.ts'
import { reach, register } from './script.ts'
import { endWithSession } from './scripts/end-with-session.ts'
import { redeem } from './scripts/redeem.ts'
import { rotate } from './scripts/rotate.ts'
import { write } from './scripts/write.ts'

export function createAuthorizations(redis: Redis, keys: Keys): AuthorizationStore {
  const run = {
    write: register(redis, write),
    redeem: register(redis, redeem),
    rotate: register(redis, rotate),
    endWithSession: register(redis, endWithSession),
  }

  return {
    async create(authorization) {
      const ttl = authorization.codeExpiresAt - authorization.createdAt
      await run.write([keys.authorization(authorization.id)], [ttl, ...writeCode(authorization)])
    },

    async redeem({ id, clientId, redirectUri, resource, codeChallenge, now, activeUntil, replayLeniency, ...key }) {
      const answer = await run.redeem(
        [keys.authorization(id)],
        [
          clientId,
          redirectUri === undefined ? '' : sha256(redirectUri),
          codeChallenge,
          now,
          activeUntil,
          replayLeniency,
          resource ?? '',
          ...writeProvenKey(key),
        ],
      )
      return readRedeem(id, answer)
    },

    async rotate({ id, clientId, generation, scope, resource, now, idleTtl, maxTtl, grace, ...key }) {
      const answer = await run.rotate(
        [keys.authorization(id)],
        [clientId, generation, now, idleTtl, maxTtl, grace, resource ?? '', ...writeProvenKey(key), ...scope],
      )
      return readRotate(id, answer)
    },

    async find(id, now) {
      const fields = new Map(Object.entries(await reach(() => redis.hgetall(keys.authorization(id)))))
      const active =
        fields.has('client_id') && fields.get('generation') !== '0' && now < Number(fields.get('expires_at'))
      return active ? readAuthorization(id, fields) : undefined
    },

    async revoke(id) {
      await reach(() => redis.del(keys.authorization(id)))
    },

    async endWithSession(id, subject, now) {
      const [status, clientId] = await run.endWithSession([keys.authorization(id)], [subject, now])
      return status === 'ended' ? { status, clientId: clientId as string } : ({ status } as EndResult)
    },
  }
}

function writeProvenKey({ dpopJkt, bindsRefreshTokens }: ProvenKey): [string, string] {
  return [dpopJkt ?? '', bindsRefreshTokens ? 'bind' : '']
}

function readRedeem(id: string, answer: readonly string[]): RedeemResult {
  const status = answer[0] as RedeemResult['status']
  switch (status) {
    case 'redeemed':
      return { status, authorization: readAuthorization(id, readFields(answer, 1)) }
    case 'replayed':
      return { status, revoked: answer[1] === 'revoked' }
    case 'wrong-verifier':
      return { status, codeChallenge: answer[1] as string }
    default:
      return { status }
  }
}

function readRotate(id: string, answer: readonly string[]): RotateResult {
  const status = answer[0] as RotateResult['status']
  switch (status) {
    case 'rotated':
    case 'converged':
      return { status, authorization: readAuthorization(id, readFields(answer, 1)) }
    case 'wrong-scope':
      return { status, scope: readList(answer[1] as string) }
    default:
      return { status }
  }
}
