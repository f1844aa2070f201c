import type { Response } from 'express'
import type { WantedLanguages } from '../locale/languages.ts'
import type { OAuthError } from '../oauth/errors.ts'

/** What became known of a request while it was handled, for log, metrics and spans. */
interface RequestFacts {
  client_id?: string
  endpoint?: string
  grantType?: string
  uiLocales?: readonly string[] | undefined
  refusal?: OAuthError
}

/** Notes which client a request is about, once that is known. */
export function noteClient(res: Response, clientId: string): void {
  factsFor(res).client_id = clientId
}

/** Notes the route that a request came to: the path in the table of endpoints, not that of the request. */
export function noteEndpoint(res: Response, path: string): void {
  factsFor(res).endpoint = path
}

/** Notes the grant type of a token request: a registered one, or `none`. */
export function noteGrantType(res: Response, name: string): void {
  factsFor(res).grantType = name
}

/** Notes that a request was refused or failed. */
export function noteRefusal(res: Response, error: OAuthError): void {
  factsFor(res).refusal = error
}

/** Notes the languages that the client asks for (OpenID Connect Core §3.1.2.1), so that every page from here on heeds them. */
export function noteLanguage(res: Response, uiLocales: readonly string[] | undefined): void {
  factsFor(res).uiLocales = uiLocales
}

/** Where the request came to, by the pattern of its path: an id in it is no fact of the refusal. */
export function endpointOf(res: Response): { endpoint?: string } {
  const { endpoint } = factsFor(res)
  return endpoint === undefined ? {} : { endpoint: `${res.req.method} ${endpoint}` }
}

/** The languages that are wanted of the answer. */
export function languagesOf(res: Response): WantedLanguages {
  const { uiLocales } = factsFor(res)
  return { ...(uiLocales === undefined ? {} : { uiLocales }), acceptLanguage: res.req.acceptsLanguages() }
}

/** What was noted. */
export function factsOf(res: Response): Readonly<RequestFacts> {
  return factsFor(res)
}

function factsFor(res: Response): RequestFacts {
  return res.locals as RequestFacts
}
