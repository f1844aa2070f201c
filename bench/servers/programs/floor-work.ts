import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  sign,
  timingSafeEqual,
} from 'node:crypto'
import type { ParsedUrlQuery } from 'node:querystring'
import { Redis } from 'ioredis'
import {
  ACCESS_TOKEN_TTL,
  CLIENT_ID,
  CODE_TTL,
  REDIRECT_URI,
  REFRESH_TOKEN_TTL,
  RESOURCE,
  SCOPE,
  SESSION_TTL,
  SUBJECT,
} from '../world.ts'

/**
 * The least that the operations take: their calls to Redis, their one signature, their answer. It is no safe server: it asks
 * nothing that is not needed to come to the same answer.
 */
export interface FloorWork {
  /** Undefined where the request is refused. */
  token(form: ParsedUrlQuery): Promise<object | undefined>
  /** Where the browser goes; undefined where nobody is signed in. */
  authorize(query: ParsedUrlQuery, cookie: string | undefined): Promise<string | undefined>
  metadata: object
  jwks: object
}

/** KEYS[1] record  ARGV challenge, client, redirect URI, now, ttl */
const REDEEM = `
local r = redis.call('HMGET', KEYS[1], 'challenge', 'client_id', 'redirect_uri', 'generation')
if r[1] ~= ARGV[1] or r[2] ~= ARGV[2] or r[3] ~= ARGV[3] or r[4] ~= '0' then return false end
redis.call('HSET', KEYS[1], 'generation', '1', 'used_at', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return redis.call('HGETALL', KEYS[1])
`

/** KEYS[1] record  ARGV generation, client, now, ttl */
const ROTATE = `
local r = redis.call('HMGET', KEYS[1], 'generation', 'client_id')
if r[1] ~= ARGV[1] or r[2] ~= ARGV[2] then return false end
redis.call('HSET', KEYS[1], 'generation', ARGV[1] + 1, 'used_at', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return redis.call('HGETALL', KEYS[1])
`

/** KEYS[1] record  ARGV ttl, then fields and values */
const WRITE = `
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
return redis.call('PEXPIRE', KEYS[1], ARGV[1])
`

interface FloorCommands {
  floorRedeem(key: string, ...args: unknown[]): Promise<string[] | null>
  floorRotate(key: string, ...args: unknown[]): Promise<string[] | null>
  floorWrite(key: string, ...args: unknown[]): Promise<number>
}

/** @returns the work, and the cookie of a browser that is signed in */
export async function createFloorWork(env: NodeJS.ProcessEnv): Promise<{ work: FloorWork; cookie: string }> {
  const { ISSUER = '', PREFIX = '', REDIS_URL = '', SIGNING_KEY = '{}' } = env
  const jwk = JSON.parse(SIGNING_KEY)
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' })
  const header = encode({ alg: 'ES256', kid: jwk.kid, typ: 'at+jwt' })
  const cookieKey = randomBytes(32)
  const redis = new Redis(REDIS_URL)
  redis.defineCommand('floorRedeem', { numberOfKeys: 1, lua: REDEEM })
  redis.defineCommand('floorRotate', { numberOfKeys: 1, lua: ROTATE })
  redis.defineCommand('floorWrite', { numberOfKeys: 1, lua: WRITE })
  const commands = redis as Redis & FloorCommands

  const recordKey = (id: string) => `${PREFIX}record:{${id}}`
  const sessionKey = (id: string) => `${PREFIX}session:{${id}}`
  const mac = (text: string) => createHmac('sha256', cookieKey).update(text).digest()

  // By node:crypto and on this thread: jose and WebCrypto take more than twice the CPU for the same signature.
  const signed = (claims: object) => {
    const input = `${header}.${encode(claims)}`
    const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
    return `${input}.${signature.toString('base64url')}`
  }

  const answer = (id: string, generation: number, record: string[]) => {
    const [, sub] = record.slice(record.indexOf('sub'))
    const now = Math.floor(Date.now() / 1000)
    const jti = `${id}.${randomBytes(16).toString('base64url')}`
    const claims = { iss: ISSUER, sub, aud: RESOURCE, client_id: CLIENT_ID, scope: SCOPE, iat: now }
    return {
      access_token: signed({ ...claims, exp: now + ACCESS_TOKEN_TTL, jti, auth_time: now }),
      token_type: 'Bearer',
      expires_in: ACCESS_TOKEN_TTL,
      refresh_token: `lkr_${id}.${generation}.${mac(`${id}.${generation}`).toString('base64url')}`,
      scope: SCOPE,
    }
  }

  const redeem = async ({ code, code_verifier, client_id, redirect_uri }: ParsedUrlQuery) => {
    const id = String(code).slice(4)
    const challenge = createHash('sha256').update(String(code_verifier)).digest('base64url')
    const args = [challenge, client_id, redirect_uri, Date.now(), REFRESH_TOKEN_TTL * 1000]
    const record = await commands.floorRedeem(recordKey(id), ...args)
    return record === null ? undefined : answer(id, 1, record)
  }

  const refresh = async ({ refresh_token, client_id }: ParsedUrlQuery) => {
    const [id = '', generation = ''] = String(refresh_token).slice(4).split('.')
    const args = [generation, client_id, Date.now(), REFRESH_TOKEN_TTL * 1000]
    const record = await commands.floorRotate(recordKey(id), ...args)
    return record === null ? undefined : answer(id, Number(generation) + 1, record)
  }

  const secret = randomBytes(16).toString('base64url')
  await redis.hset(sessionKey(secret), { sub: SUBJECT, auth_time: Date.now() })
  await redis.expire(sessionKey(secret), SESSION_TTL)
  const cookie = `floor_session=${secret}.${mac(secret).toString('base64url')}`

  const work: FloorWork = {
    token: (form) => (form.grant_type === 'refresh_token' ? refresh(form) : redeem(form)),
    async authorize({ client_id, redirect_uri, state, code_challenge }, header) {
      const [id = '', code = ''] = /floor_session=([^;]+)/.exec(header ?? '')?.[1]?.split('.') ?? []
      const presented = Buffer.from(code, 'base64url')
      if (presented.length !== 32 || !timingSafeEqual(presented, mac(id))) return undefined
      const { sub, auth_time } = await redis.hgetall(sessionKey(id))
      if (sub === undefined || client_id !== CLIENT_ID || redirect_uri !== REDIRECT_URI) return undefined
      const record = randomBytes(16).toString('base64url')
      const fields = { client_id, sub, auth_time, redirect_uri, challenge: code_challenge, scope: SCOPE, generation: 0 }
      await commands.floorWrite(recordKey(record), CODE_TTL * 1000, ...Object.entries(fields).flat())
      return `${redirect_uri}?code=lkc_${record}&state=${encodeURIComponent(String(state))}&iss=${encodeURIComponent(ISSUER)}`
    },
    metadata: JSON.parse(env.METADATA ?? '{}'),
    jwks: {
      keys: [{ ...createPublicKey(privateKey).export({ format: 'jwk' }), kid: jwk.kid, alg: 'ES256', use: 'sig' }],
    },
  }
  return { work, cookie }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
