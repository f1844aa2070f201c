import { randomBytes } from 'node:crypto'

/** A source of unguessable identifiers; injected, so that tests can foresee them. */
export interface Random {
  /** 128 random bits as 22 characters of base64url. */
  id(): string
  /** 48 random bits as 12 hexadecimal digits, for ids that people read to one another. */
  shortId(): string
  /** 64 random bits as 11 characters of base64url, for what has to differ and need not be secret. */
  mark(): string
  /** 256 random bits as 43 characters of base64url. */
  secret(): string
}

/** Bytes that are drawn at once: a call costs several times the randomness of an id. */
const POOL_SIZE = 4096

/** Randomness from the operating system. */
export const systemRandom: Random = {
  id: () => take(16).toString('base64url'),
  shortId: () => take(6).toString('hex'),
  mark: () => take(8).toString('base64url'),
  secret: () => take(32).toString('base64url'),
}

let pool = Buffer.alloc(0)

/** Bytes that nobody was given before; the pool forgets what it gave. */
function take(length: number): Buffer {
  if (pool.length < length) pool = randomBytes(POOL_SIZE)
  const bytes = Buffer.from(pool.subarray(0, length))
  pool.fill(0, 0, length)
  pool = pool.subarray(length)
  return bytes
}
