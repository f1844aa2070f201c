import type { Mac } from '../lib/mac.ts'

/**
 * Handles: what a client or browser holds. A handle names its record and carries its own proof, so a forged or mangled
 * one is refused before the store is asked, and the store holds nothing that could be replayed.
 */
const CODE_PREFIX = 'lkc_'
const REFRESH_TOKEN_PREFIX = 'lkr_'

const ID = '[A-Za-z0-9_-]{22}'
const CODE = new RegExp(`^${CODE_PREFIX}(${ID})\\.([A-Za-z0-9_-]{43})$`)
const REFRESH_TOKEN = new RegExp(`^${REFRESH_TOKEN_PREFIX}(${ID})\\.([1-9][0-9]{0,9})\\.([A-Za-z0-9_-]{43})$`)

/** The MACs that handles are made with, one a purpose. */
export interface HandleMacs {
  code: Mac
  refreshToken: Mac
}

/** The authorization code of an authorization: `lkc_<id>.<mac>`. */
export function writeCode(id: string, macs: HandleMacs): string {
  return `${CODE_PREFIX}${id}.${macs.code.sign(id)}`
}

/** The id of the authorization that a code stands for, or undefined where this server did not make it. */
export function readCode(code: string, macs: HandleMacs): string | undefined {
  const match = CODE.exec(code)
  if (match === null) return undefined
  const [, id, mac] = match as unknown as [string, string, string]
  return macs.code.verify(id, mac) ? id : undefined
}

/** The refresh token of one generation of an authorization: `lkr_<id>.<generation>.<mac>`. */
export function writeRefreshToken(id: string, generation: number, macs: HandleMacs): string {
  const text = `${id}.${generation}`
  return `${REFRESH_TOKEN_PREFIX}${text}.${macs.refreshToken.sign(text)}`
}

/** Whether it looks like a refresh token of ours, which no other token does. */
export function isRefreshToken(token: string): boolean {
  return token.startsWith(REFRESH_TOKEN_PREFIX)
}

/** What a refresh token stands for, or undefined where this server did not make it. */
export function readRefreshToken(token: string, macs: HandleMacs): { id: string; generation: number } | undefined {
  const match = REFRESH_TOKEN.exec(token)
  if (match === null) return undefined
  const [, id, generation, mac] = match as unknown as [string, string, string, string]
  return macs.refreshToken.verify(`${id}.${generation}`, mac) ? { id, generation: Number(generation) } : undefined
}
