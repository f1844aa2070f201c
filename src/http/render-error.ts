import type { Response } from 'express'
import type { Random } from '../lib/random.ts'
import { OAuthError } from '../oauth/errors.ts'
import { StoreUnavailable } from '../store/store.ts'
import type { Audit } from '../telemetry/events.ts'
import type { Logger } from '../telemetry/logger.ts'
import { ERROR_ID_HEADER } from './error-id.ts'
import { factsOf } from './request-facts.ts'
import type { Views } from './views.ts'

const RETRY_AFTER_SECONDS = '2'

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
}): ErrorRenderer {
  const { logger, audit, random, views } = deps

  const note = (res: Response, thrown: unknown) => {
    const error = asOAuthError(thrown)
    const { code, status, cause, description } = error
    const errorId = random.shortId()
    const facts = { error_id: errorId, error: code, status, cause }
    const about = { ...factsOf(res), ...error.detail, description }
    if (status >= 500) logger.error({ ...facts, ...about, err: thrown }, 'A request failed.')
    else audit({ event: 'request.refused', ...facts }, about)
    res.set(ERROR_ID_HEADER, errorId)
    return { error, errorId }
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
      res.json({ error: error.code, error_description: printable(error.description) })
    },
    page(res, thrown) {
      const { error, errorId } = begin(res, thrown)
      const retry = error.status >= 500
      const { title, message } = wordsFor(error)
      res.type('html').send(views.render('error', { title, message, hints: [...error.hints], errorId, retry }))
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
      headers: { 'Retry-After': RETRY_AFTER_SECONDS },
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

function wordsFor(error: OAuthError): { title: string; message: string } {
  if (error.status === 503) {
    return {
      title: 'One moment, please',
      message: 'The service cannot answer right now. Nothing is lost: try again in a moment.',
    }
  }
  if (error.status >= 500) {
    return {
      title: 'Something went wrong here',
      message: 'It is not your fault. Try again; if it happens again, tell us the id below.',
    }
  }
  return { title: 'This request cannot go on', message: capitalised(error.description) }
}

/** A sentence for a page. A parameter's name at its beginning keeps its spelling. */
function capitalised(sentence: string): string {
  const beginsWithName = /^\w*_/.test(sentence)
  const text = beginsWithName ? sentence : sentence.charAt(0).toUpperCase() + sentence.slice(1)
  return /[.!?]$/.test(text) ? text : `${text}.`
}

/** RFC 6749 §5.2: error_description is printable ASCII without `"` and `\`. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?')
}
