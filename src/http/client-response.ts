import type { Request, Response } from 'express'
import type { Target } from '../authorization/target.ts'
import type { OAuthError } from '../oauth/errors.ts'
import { withParams } from '../oauth/redirect-uri.ts'
import { formPostPolicy } from './security-headers.ts'
import { clientName } from './shown-client.ts'
import type { Views } from './views.ts'

/** What an authorization endpoint answers to the client (RFC 6749 §4.1.2 and §4.1.2.1). */
export type AuthorizationResponse = { code: string } | { error: string; error_description: string }

/** Sends the browser back to the client. */
export type ClientResponder = (req: Request, res: Response, target: Target, response: AuthorizationResponse) => void

/**
 * The one place where such an answer is made: `state` and `iss` (RFC 9207 §2) are added here, and the response mode is
 * kept, for success and error alike.
 */
export function createClientResponder({ issuer, views }: { issuer: string; views: Views }): ClientResponder {
  return (req, res, target, response) => {
    const fields = { ...response, state: target.state, iss: issuer }
    res.setHeader('Cache-Control', 'no-store')
    // A form can only be posted to a web address; an installed app gets the query it can read.
    if (target.responseMode === 'form_post' && /^https?:/.test(target.redirectUri)) {
      sendForm(res, target, fields, views)
      return
    }
    const location = withParams(target.redirectUri, fields)
    // After a POST 303 makes the browser go on with GET (RFC 9110 §15.4.4), so that it does not post the form to the client.
    res.statusCode = req.method === 'POST' ? 303 : 302
    res.setHeader('Location', location)
    res.end()
  }
}

/** An error as a response to the client. */
export function errorResponse(error: OAuthError): AuthorizationResponse {
  return { error: error.code, error_description: error.description }
}

/** OAuth 2.0 Form Post Response Mode §2: a page with a form that posts itself, or by a button where scripts are off. */
function sendForm(
  res: Response,
  target: Target,
  fields: Readonly<Record<string, string | undefined>>,
  views: Views,
): void {
  const given = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined)
  res.set('Content-Security-Policy', formPostPolicy)
  views.send(res, 'form-post', {
    action: target.redirectUri,
    client: { name: clientName(target.client, views.language(res)) },
    fields: given.map(([name, value]) => ({ name, value })),
  })
}
