import { randomBytes } from 'node:crypto'

/** A source of unguessable identifiers; injected, so that tests can foresee them. */
export interface Random {
  /** 128 random bits as 22 characters of base64url. */
  id(): string
  /** 48 random bits as 12 hexadecimal digits, for ids that people read to one another. */
  shortId(): string
  /** 256 random bits as 43 characters of base64url. */
  secret(): string
}

/** Randomness from the operating system. */
export const systemRandom: Random = {
  id: () => randomBytes(16).toString('base64url'),
  shortId: () => randomBytes(6).toString('hex'),
  secret: () => randomBytes(32).toString('base64url'),
}
