import type { Request, Response } from 'express'
import type { Target } from '../authorization/target.ts'
import type { OAuthError } from '../oauth/errors.ts'
import { withParams } from '../oauth/redirect-uri.ts'

/** What an authorization endpoint answers to the client (RFC 6749 §4.1.2 and §4.1.2.1). */
export type AuthorizationResponse = { code: string } | { error: string; error_description: string }

/**
 * Sends the browser back to the client. The one place where such a redirect is made: `state` and `iss` (RFC 9207 §2) are
 * added here, for success and error alike.
 */
export function sendToClient(
  req: Request,
  res: Response,
  target: Target,
  response: AuthorizationResponse,
  issuer: string,
): void {
  const location = withParams(target.redirectUri, { ...response, state: target.state, iss: issuer })
  res.set('Cache-Control', 'no-store')
  // After a POST 303 makes the browser go on with GET (RFC 9110 §15.4.4), so that it does not post the form to the client.
  res.status(req.method === 'POST' ? 303 : 302).set('Location', location)
  res.end()
}

/** An error as a response to the client. */
export function errorResponse(error: OAuthError): AuthorizationResponse {
  return { error: error.code, error_description: error.description }
}
