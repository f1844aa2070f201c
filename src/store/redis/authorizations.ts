import { sha256 } from '../../lib/digest.ts'
import { inBatches } from '../../lib/in-batches.ts'
import type { Authorization, AuthorizationStore, EndResult, ProvenKey, RedeemResult, RotateResult } from '../store.ts'
import type { AuthorizationIndex } from './authorization-index.ts'
import type { Keys } from './keys.ts'
import type { Link } from './link.ts'
import { readAuthorization, readFields, readList, writeCode } from './records.ts'
import { register } from './script.ts'
import { endForClient } from './scripts/end-for-client.ts'
import { endWithSession } from './scripts/end-with-session.ts'
import { redeem } from './scripts/redeem.ts'
import { rotate } from './scripts/rotate.ts'
import { write } from './scripts/write.ts'

/** How many records of one user are read or ended at once. */
const BATCH = 64

export function createAuthorizations(link: Link, keys: Keys, index: AuthorizationIndex): AuthorizationStore {
  const run = {
    write: register(link, write, { handsOut: ['written'] }),
    redeem: register(link, redeem, { handsOut: ['redeemed'] }),
    rotate: register(link, rotate, { handsOut: ['rotated'] }),
    endWithSession: register(link, endWithSession),
    endForClient: register(link, endForClient),
  }

  /** The fields of a record; none where it is gone. */
  const read = async (id: string) =>
    new Map(Object.entries(await link.ask(() => link.connection.hgetall(keys.authorization(id)))))

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
          link.mark(),
        ],
      )
      return readRedeem(id, answer)
    },

    async rotate({ id, clientId, generation, scope, resource, now, idleTtl, maxTtl, grace, ...key }) {
      const answer = await run.rotate(
        [keys.authorization(id)],
        [
          clientId,
          generation,
          now,
          idleTtl,
          maxTtl,
          grace,
          resource ?? '',
          ...writeProvenKey(key),
          link.mark(),
          ...scope,
        ],
      )
      return readRotate(id, answer)
    },

    async find(id, now) {
      return readActive(id, await read(id), now)
    },

    async revoke(id) {
      await link.ask(() => link.connection.del(keys.authorization(id)))
    },

    async endWithSession(id, subject, lineage, now) {
      const [status, clientId] = await run.endWithSession([keys.authorization(id)], [subject, lineage, now])
      return status === 'ended' ? { status, clientId: clientId as string } : ({ status } as EndResult)
    },

    async ofUser({ userKey, subject }, now) {
      const records = await inBatches(await index.ids(userKey), BATCH, async (id) => ({ id, fields: await read(id) }))
      if (records.some(({ fields }) => fields.size === 0)) index.tidyInBackground(userKey, now)
      return records
        .flatMap(({ id, fields }) => readActive(id, fields, now) ?? [])
        .filter((authorization) => authorization.subject === subject)
        .sort((one, other) => other.createdAt - one.createdAt)
    },

    async endForClient({ userKey, subject }, clientId, now) {
      const results = await inBatches(await index.ids(userKey), BATCH, async (id) => {
        const ended = run.endForClient([keys.authorization(id)], [subject, clientId, now])
        return ended.then(
          ([status]) => ({ id, ended: status === 'ended' }),
          (failure: unknown) => ({ id, failure }),
        )
      })
      for (const result of results) if ('failure' in result) throw result.failure
      return results.filter((result) => 'ended' in result && result.ended).map(({ id }) => id)
    },
  }
}

/** The authorization in the fields of a record, while it is active. */
export function readActive(id: string, fields: ReadonlyMap<string, string>, now: number): Authorization | undefined {
  const active = fields.has('client_id') && fields.get('generation') !== '0' && now < Number(fields.get('expires_at'))
  return active ? readAuthorization(id, fields) : undefined
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
