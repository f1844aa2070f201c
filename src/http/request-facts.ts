import type { Response } from 'express'
import type { WantedLanguages } from '../locale/languages.ts'

/** What became known of a request while it was handled. */
interface Noted {
  clientId?: string
  uiLocales?: readonly string[]
}

/** Notes which client a request is about, once that is known. */
export function noteClient(res: Response, clientId: string): void {
  ;(res.locals as Noted).clientId = clientId
}

/** Notes the languages that the client asks for (OpenID Connect Core §3.1.2.1), so that every page from here on heeds them. */
export function noteLanguage(res: Response, uiLocales: readonly string[] | undefined): void {
  ;(res.locals as Noted).uiLocales = uiLocales
}

/** What the log line says of a request should it be refused. */
export function factsOf(res: Response): { client_id?: string } {
  const { clientId } = res.locals as Noted
  return clientId === undefined ? {} : { client_id: clientId }
}

/** The languages that are wanted of the answer. */
export function languagesOf(res: Response): WantedLanguages {
  const { uiLocales } = res.locals as Noted
  return { ...(uiLocales === undefined ? {} : { uiLocales }), acceptLanguage: res.req.acceptsLanguages() }
}
