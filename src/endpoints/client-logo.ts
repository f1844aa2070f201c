import type { Request, Response } from 'express'
import type { ClientLogos } from '../clients/client-logos.ts'
import type { ClientRegistry } from '../clients/client-registry.ts'
import type { Endpoint } from '../http/endpoint.ts'
import { readQuery } from '../http/form.ts'
import { LOGO_PATH } from '../http/logo-path.ts'
import { sendNotFound } from '../http/not-found.ts'
import type { ErrorRenderer } from '../http/render-error.ts'
import { picturePolicy } from '../http/security-headers.ts'

/** Another picture has another address; after a day a browser may ask all the same whether we still show it. */
const ONE_DAY = 'public, max-age=86400, immutable'

/** The logos of clients, by their digest. What is served comes from others, so that it may do nothing but be shown here. */
export function clientLogo(deps: { logos: ClientLogos; clients: ClientRegistry; errors: ErrorRenderer }): Endpoint {
  /** The logo, fetched where another process has shown it and this one has not yet. */
  const find = async (req: Request) => {
    const digest = String(req.params.digest)
    const held = deps.logos.find(digest)
    const { client_id: clientId } = held === undefined ? readQuery(req) : {}
    const client = clientId === undefined ? undefined : deps.clients.find(clientId)
    if (client === undefined) return held
    await deps.logos.load(client)
    return deps.logos.find(digest)
  }

  const get = async (req: Request, res: Response) => {
    const logo = await find(req)
    if (logo === undefined) return sendNotFound(req, res, deps.errors)
    res.set({
      'Content-Type': logo.type,
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': picturePolicy,
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Cache-Control': ONE_DAY,
    })
    res.send(logo.bytes)
  }
  return { path: LOGO_PATH, errors: 'page', inert: true, methods: { GET: get, HEAD: get } }
}
