import type { Redis } from 'ioredis'

type Payload = Record<string, unknown> & { grantId?: string; uid?: string }

/** What ends with its grant. */
const GRANTED = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken'])

/** What is used once: kept as a hash, so that the mark can be set without reading the rest. */
const CONSUMED_ONCE = new Set(['AuthorizationCode', 'RefreshToken'])

/**
 * The storage of oidc-provider on Redis, as its documentation describes it: a record for each model with its lifetime, an
 * index from the grant to what ends with it, and one from the uid to the session. Commands that belong together go to Redis
 * together.
 */
export function createRedisAdapter(redis: Redis, prefix: string) {
  return class RedisAdapter {
    readonly #model: string

    constructor(model: string) {
      this.#model = model
    }

    #key(id: string): string {
      return `${prefix}${this.#model}:${id}`
    }

    async upsert(id: string, payload: Payload, expiresIn: number): Promise<void> {
      const key = this.#key(id)
      const text = JSON.stringify(payload)
      const batch = redis.multi()
      if (CONSUMED_ONCE.has(this.#model)) batch.hset(key, { payload: text }).expire(key, expiresIn)
      else batch.set(key, text, 'EX', expiresIn)
      if (GRANTED.has(this.#model) && payload.grantId !== undefined) {
        const index = `${prefix}grant:${payload.grantId}`
        // The index lives as long as the longest-lived of what it lists.
        batch.rpush(index, key).expire(index, expiresIn, 'GT').expire(index, expiresIn, 'NX')
      }
      if (payload.uid !== undefined) batch.set(`${prefix}uid:${payload.uid}`, id, 'EX', expiresIn)
      await batch.exec()
    }

    async find(id: string): Promise<Payload | undefined> {
      if (!CONSUMED_ONCE.has(this.#model)) return read(await redis.get(this.#key(id)))
      const { payload, consumed } = await redis.hgetall(this.#key(id))
      const found = read(payload)
      return found && (consumed === undefined ? found : { ...found, consumed: Number(consumed) })
    }

    async findByUid(uid: string): Promise<Payload | undefined> {
      const id = await redis.get(`${prefix}uid:${uid}`)
      return id === null ? undefined : this.find(id)
    }

    async findByUserCode(): Promise<undefined> {}

    async consume(id: string): Promise<void> {
      await redis.hset(this.#key(id), 'consumed', Math.floor(Date.now() / 1000))
    }

    async destroy(id: string): Promise<void> {
      await redis.del(this.#key(id))
    }

    async revokeByGrantId(grantId: string): Promise<void> {
      const index = `${prefix}grant:${grantId}`
      await redis.del(index, ...(await redis.lrange(index, 0, -1)))
    }
  }
}

function read(text: string | null | undefined): Payload | undefined {
  return text === null || text === undefined ? undefined : (JSON.parse(text) as Payload)
}
