import type { Request } from 'express'
import { OAuthError } from '../oauth/errors.ts'

/** How browsers say that nobody has asked for the page yet: the Fetch Standard's Sec-Purpose, and what stood before it. */
const HEADERS = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz']

/**
 * Refuses what a browser loads ahead of time: it would begin sign-ins that nobody sees, hand out codes, or sign people out.
 * Browsers throw a refusal away, and ask again once the person really goes there.
 */
export function refusePrefetch(req: Request): void {
  if (!HEADERS.some((name) => /\b(?:prefetch|prerender|preview)\b/.test(String(req.headers[name] ?? '')))) return
  throw new OAuthError('invalid_request', 'this page is not to be loaded ahead of time', {
    status: 403,
    cause: 'prefetch',
  })
}
