import type { Request } from 'express'

/** The header of a request's id; the log has the same in every line that was written for the request. */
export const REQUEST_ID_HEADER = 'X-Request-Id'

const ID = /^[A-Za-z0-9._-]{1,64}$/

/** A header that only a proxy that TRUST_PROXY names may send; undefined where it is missing or from somebody else. */
export function proxyHeader(req: Request, name: string): string | undefined {
  const value = req.get(name)
  return value !== undefined && isTrustedPeer(req) ? value : undefined
}

function isTrustedPeer(req: Request): boolean {
  const trust = req.app.get('trust proxy fn') as (address: string | undefined, hop: number) => boolean
  return trust(req.socket.remoteAddress, 0)
}

/** The id that a trusted proxy gave the request; undefined where it gave none, or none that is fit for a log. */
export function readRequestId(req: Request): string | undefined {
  const given = proxyHeader(req, REQUEST_ID_HEADER)
  return given !== undefined && ID.test(given) ? given : undefined
}
