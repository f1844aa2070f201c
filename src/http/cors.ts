import type { Request, Response } from 'express'
import type { ClientRegistry } from '../clients/client-registry.ts'
import type { Endpoint } from './endpoint.ts'
import { ERROR_ID_HEADER } from './error-id.ts'

/** What the libraries of browser pages send and read. */
const REQUEST_HEADERS = 'content-type, authorization, dpop, auth0-client, mcp-protocol-version'
const EXPOSED_HEADERS = `WWW-Authenticate, Retry-After, RateLimit, RateLimit-Policy, DPoP-Nonce, ${ERROR_ID_HEADER}`
const PREFLIGHT_SECONDS = '7200'

/**
 * Sets the CORS headers of an endpoint's answer, whatever the answer will be: a page that cannot read an error cannot
 * tell what went wrong. Never with credentials; nothing here goes by cookies.
 *
 * @returns whether the request was a preflight and is answered
 */
export function applyCors(endpoint: Endpoint, clients: ClientRegistry, req: Request, res: Response): boolean {
  if (endpoint.cors === undefined) return false
  const origin = req.headers.origin
  if (endpoint.cors === 'any') {
    res.setHeader('Access-Control-Allow-Origin', '*')
  } else {
    // What programs are answered varies by nothing else.
    res.setHeader('Vary', 'Origin')
    if (origin !== undefined && clients.hasOrigin(origin)) res.setHeader('Access-Control-Allow-Origin', origin)
  }
  if (!res.hasHeader('Access-Control-Allow-Origin')) return false
  res.setHeader('Access-Control-Expose-Headers', EXPOSED_HEADERS)
  if (req.method !== 'OPTIONS' || req.headers['access-control-request-method'] === undefined) return false
  res.set({
    'Access-Control-Allow-Methods': Object.keys(endpoint.methods).join(', '),
    'Access-Control-Allow-Headers': REQUEST_HEADERS,
    'Access-Control-Max-Age': PREFLIGHT_SECONDS,
  })
  res.status(204).end()
  return true
}
