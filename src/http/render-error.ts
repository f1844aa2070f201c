import type { Response } from 'express'
import type { ClientRegistry } from '../clients/client-registry.ts'
import type { Random } from '../lib/random.ts'
import type { Language } from '../locale/language.ts'
import { startOf } from '../oauth/client-site.ts'
import { OAuthError } from '../oauth/errors.ts'
import { StoreUnavailable } from '../store/store.ts'
import type { Audit } from '../telemetry/events.ts'
import type { Logger } from '../telemetry/logger.ts'
import { withoutHandles } from '../telemetry/without-handles.ts'
import { ERROR_ID_HEADER } from './error-id.ts'
import { errorWords } from './error-words.ts'
import type { KeepRefusal } from './refusal-notes.ts'
import { endpointOf, factsOf, noteRefusal } from './request-facts.ts'
import { RETRY_SOON } from './retry-after.ts'
import { sendJson } from './send-json.ts'
import { clientName } from './shown-client.ts'
import type { Views } from './views.ts'

/** Tells a refusal or a fault to whoever asked, and its exact cause to the log, under one id. */
export interface ErrorRenderer {
  /** To a program: JSON (RFC 6749 §5.2). */
  json(res: Response, error: unknown): void
  /** To a person: a page. */
  page(res: Response, error: unknown): void
  /** To the log, with the id in the header of the answer: for refusals that go to the client by redirect. */
  note(res: Response, error: unknown): { error: OAuthError; errorId: string }
}

export function createErrorRenderer(deps: {
  logger: Logger
  audit: Audit
  random: Random
  views: Views
  clients: ClientRegistry
  issuer: string
  keepRefusal: KeepRefusal
}): ErrorRenderer {
  const { logger, audit, random, views, clients, issuer, keepRefusal } = deps

  const note = (res: Response, thrown: unknown) => {
    const error = asOAuthError(thrown)
    const { code, status, cause, description } = error
    const errorId = error.loggedAs ?? random.shortId()
    const facts = { error_id: errorId, error: code, status, cause }
    const { client_id } = factsOf(res)
    const known = client_id === undefined ? {} : { client_id }
    const about = { ...endpointOf(res), ...known, ...withoutHandles({ ...error.detail, description }) }
    noteRefusal(res, error)
    if (error.loggedAs === undefined) {
      if (status >= 500) logger.error({ ...facts, ...about, err: thrown }, 'A request failed.')
      else audit({ event: 'request.refused', ...facts }, about)
      keepRefusal(res, errorId, error, about)
    }
    res.set(ERROR_ID_HEADER, errorId)
    return { error, errorId }
  }

  /** Whose request it was, for whoever wants to start again. */
  const askedBy = (res: Response, language: Language) => {
    const { client_id: clientId } = factsOf(res)
    const client = clientId === undefined ? undefined : clients.find(clientId)
    if (client === undefined) return {}
    const uri = startOf(client, issuer)
    return { client: { name: clientName(client, language), ...(uri === undefined ? {} : { uri }) } }
  }

  const begin = (res: Response, thrown: unknown) => {
    const { error, errorId } = note(res, thrown)
    res.status(error.status).set({ ...error.headers, 'Cache-Control': 'no-store' })
    return { error, errorId }
  }

  return {
    note,
    json(res, thrown) {
      const { error } = begin(res, thrown)
      sendJson(res, { error: error.code, error_description: printable(error.description) })
    },
    page(res, thrown) {
      const { error, errorId } = begin(res, thrown)
      const retry = error.status >= 500
      const language = views.language(res)
      views.send(res, 'error', { ...errorWords(error, language), errorId, retry, ...askedBy(res, language) })
    },
  }
}

/** Every failure as an OAuthError; what is not one is our fault and says nothing of itself. */
function asOAuthError(thrown: unknown): OAuthError {
  if (thrown instanceof OAuthError) return thrown
  if (thrown instanceof StoreUnavailable) {
    return new OAuthError('temporarily_unavailable', 'the server cannot answer right now; try again in a moment', {
      status: 503,
      cause: 'store-unavailable',
      headers: { 'Retry-After': RETRY_SOON },
    })
  }
  if (isMalformedUrl(thrown)) {
    return new OAuthError('invalid_request', 'the address is malformed', { cause: 'malformed-url' })
  }
  return new OAuthError('server_error', 'the server met an unexpected condition', { status: 500, cause: 'unexpected' })
}

/** Express refuses a path with broken percent-encoding by a URIError with status 400. */
function isMalformedUrl(thrown: unknown): boolean {
  return thrown instanceof URIError && (thrown as { status?: number }).status === 400
}

/** RFC 6749 §5.2: error_description is printable ASCII without `"` and `\`. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?')
}
