import type { Request } from 'express'
import { OAuthError } from '../oauth/errors.ts'

/**
 * Refuses a form that another site posted. Browsers tell where a form came from (Fetch Standard, Origin and
 * Sec-Fetch-Site); programs that send neither are held by the browser's cookie and the CSRF token.
 */
export function requireOwnOrigin(req: Request, issuer: string): void {
  const own = new URL(issuer).origin
  const { origin, 'sec-fetch-site': site } = req.headers
  if ((origin === undefined || origin === own) && (site === undefined || site === 'same-origin')) return
  throw new OAuthError('invalid_request', `this form may only be sent from ${own}`, {
    status: 403,
    cause: 'foreign-origin',
    detail: { origin: origin?.slice(0, 200), own },
    hints: [
      { label: 'Sent from', value: origin ?? `another site (${String(site)})` },
      { label: 'This server is', value: own },
    ],
  })
}
